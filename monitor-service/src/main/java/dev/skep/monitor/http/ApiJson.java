package dev.skep.monitor.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanPropertyWriter;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import dev.skep.model.Json;
import dev.skep.model.Sealed;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How the API writes the model's records: like the events, without what must not leave. Sealed
 * fields are left out, whichever record holds them; of environments only the names are shown,
 * though inventory masks them already; labels that hold credentials are masked.
 */
public final class ApiJson {
  private static final String MASK = "***";

  private static final JsonMapper MAPPER =
      Json.mapper()
          .rebuild()
          .addModule(new SimpleModule("skep-api").setSerializerModifier(new Discretion()))
          .build();

  private ApiJson() {}

  /** Writes a value as UTF-8. */
  public static byte[] write(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot write " + value.getClass().getName(), e);
    }
  }

  /** The mapper itself, for trees. */
  public static JsonMapper mapper() {
    return MAPPER;
  }

  private static final class Discretion extends BeanSerializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    public List<BeanPropertyWriter> changeProperties(
        SerializationConfig config, BeanDescription bean, List<BeanPropertyWriter> properties) {
      properties.removeIf(p -> p.getType().hasRawClass(Sealed.class));
      for (BeanPropertyWriter property : properties) {
        if (!property.getType().isMapLikeType()) {
          continue;
        }
        if (property.getName().equals("environment")) {
          property.assignSerializer(new Masking(true));
        } else if (property.getName().equals("labels")) {
          property.assignSerializer(new Masking(false));
        }
      }
      return properties;
    }
  }

  /** Writes a map of strings with some or all of its values masked. */
  private static final class Masking extends JsonSerializer<Object> {
    private final boolean all;

    Masking(boolean all) {
      this.all = all;
    }

    @Override
    public void serialize(Object value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeStartObject();
      for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
        String name = String.valueOf(entry.getKey());
        json.writeStringField(
            name, all || credential(name) ? MASK : String.valueOf(entry.getValue()));
      }
      json.writeEndObject();
    }

    private static boolean credential(String label) {
      String name = label.toLowerCase(Locale.ROOT);
      return name.endsWith("auth.users")
          || name.contains("password")
          || name.contains("secret")
          || name.contains("token");
    }
  }
}
