package dev.skep.deployer.image;

import dev.skep.deployer.image.policy.Choice;
import dev.skep.deployer.image.policy.Followed;
import dev.skep.deployer.image.policy.Told;
import dev.skep.deployer.plan.ImagePins.Pin;

/** Puts how a service stands into words. Pure. */
final class Standing {
  private Standing() {}

  /**
   * A status.
   *
   * @param current what it is to run; "" if not known
   * @param ended whether the stack's deployment has
   */
  static ImageStatus of(Followed service, Told told, String current, Choice choice, boolean ended) {
    String image = current.isEmpty() ? service.image().name() : current;
    String newest =
        switch (choice) {
          case Choice.Roll(var _, Pin pin) -> pin.image();
          case Choice.TakenBack(String tried) -> tried;
          case Choice.Stay() -> told.at() == null ? "" : image;
        };
    String state =
        switch (choice) {
          case Choice.Roll roll -> ended ? "rolling" : "deploying";
          case Choice.TakenBack back -> "taken-back";
          case Choice.Stay() when !told.error().isEmpty() -> "failing";
          case Choice.Stay() -> told.at() == null ? "waiting" : "current";
        };
    String error =
        choice instanceof Choice.TakenBack && told.error().isEmpty()
            ? "the stack was taken back from it; push another, or deploy the stack to try it again"
            : told.error();
    return new ImageStatus(
        service.stack(),
        service.service(),
        service.policy().toString(),
        image,
        newest,
        state,
        told.at(),
        error);
  }

  /** One whose change the deployer refused. */
  static ImageStatus refused(ImageStatus status, String why) {
    return status.state().equals("rolling")
        ? new ImageStatus(
            status.stack(),
            status.service(),
            status.policy(),
            status.image(),
            status.newest(),
            "refused",
            status.askedAt(),
            why)
        : status;
  }

  /** Of a service whose label counts for nothing. */
  static ImageStatus refused(String stack, String service, String why) {
    return new ImageStatus(stack, service, "", "", "", "refused", null, why);
  }
}
