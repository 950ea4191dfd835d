package dev.bulwark.robust.eval;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** Reports as JSON: the records' components by name; a number that was not measured is null. */
final class ReportJson {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .addModule(
              new SimpleModule("unmeasured")
                  .addSerializer(double.class, new NanAsNull())
                  .addDeserializer(double.class, new NullAsNan()))
          .build();

  private ReportJson() {}

  static String write(Report report) {
    return JSON.writeValueAsString(report) + "\n";
  }

  static Report read(String file, String json) {
    try {
      return JSON.readValue(json, Report.class);
    } catch (JacksonException e) {
      String why = e.getOriginalMessage().lines().findFirst().orElse("no reason given");
      throw new IllegalArgumentException(file + " is not a report: " + why, e);
    }
  }

  /** JSON has no NaN. */
  private static final class NanAsNull extends StdSerializer<Double> {
    NanAsNull() {
      super(double.class);
    }

    @Override
    public void serialize(Double value, JsonGenerator out, SerializationContext context) {
      if (Double.isFinite(value)) {
        out.writeNumber(value);
      } else {
        out.writeNull();
      }
    }
  }

  private static final class NullAsNan extends StdDeserializer<Double> {
    NullAsNan() {
      super(double.class);
    }

    @Override
    public Double deserialize(JsonParser in, DeserializationContext context) {
      return in.getDoubleValue();
    }

    @Override
    public Double getNullValue(DeserializationContext context) {
      return Double.NaN;
    }
  }
}
