package dev.skep.cli.stack;

import dev.skep.deployer.convert.Namespace;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A stack's name as an argument: what is none would be a piece of a path of the API. */
final class StackName implements ITypeConverter<String> {
  @Override
  public String convert(String value) {
    try {
      return new Namespace(value).stack();
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
