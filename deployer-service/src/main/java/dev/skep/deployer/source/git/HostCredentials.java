package dev.skep.deployer.source.git;

import org.eclipse.jgit.errors.UnsupportedCredentialItem;
import org.eclipse.jgit.transport.CredentialItem;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.URIish;

/** Gives a token to one host, by https, and answers no other question. */
final class HostCredentials extends CredentialsProvider {
  private final String host;
  private final String user;
  private final char[] token;

  HostCredentials(String host, String user, char[] token) {
    this.host = host;
    this.user = user;
    this.token = token.clone();
  }

  @Override
  public boolean isInteractive() {
    return false;
  }

  @Override
  public boolean supports(CredentialItem... items) {
    for (CredentialItem item : items) {
      if (!(item instanceof CredentialItem.Username || item instanceof CredentialItem.Password)) {
        return false;
      }
    }
    return token.length > 0;
  }

  @Override
  public boolean get(URIish uri, CredentialItem... items) throws UnsupportedCredentialItem {
    if (!supports(items) || !"https".equals(uri.getScheme()) || !host.equals(uri.getHost())) {
      return false;
    }
    for (CredentialItem item : items) {
      switch (item) {
        case CredentialItem.Username name -> name.setValue(user);
        case CredentialItem.Password password -> password.setValue(token);
        default -> throw new UnsupportedCredentialItem(uri, item.getPromptText());
      }
    }
    return true;
  }
}
