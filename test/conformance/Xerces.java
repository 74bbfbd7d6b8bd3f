import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.transform.sax.SAXSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * Validates the files named on standard input, one a line, by the schema given: prints a line with the errors of each,
 * or, with `--time` behind the schema, with the milliseconds that it took.
 */
public class Xerces {
  public static void main(String[] arguments) throws Exception {
    SchemaFactory factory = SchemaFactory.newInstance("http://www.w3.org/2001/XMLSchema");
    factory.setProperty("http://javax.xml.XMLConstants/property/accessExternalDTD", "all");
    Schema schema = factory.newSchema(new File(arguments[0]));
    boolean timed = arguments.length > 1 && arguments[1].equals("--time");
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String file = input.readLine(); file != null; file = input.readLine()) {
      long start = System.nanoTime();
      List<String> errors = errors(schema, file);
      double took = (System.nanoTime() - start) / 1e6;
      System.out.println(timed ? String.valueOf(took) : String.join("\t", errors));
    }
  }

  private static List<String> errors(Schema schema, String file) throws Exception {
    List<String> errors = new ArrayList<>();
    SAXParserFactory parsers = SAXParserFactory.newInstance();
    parsers.setNamespaceAware(true);
    Validator validator = schema.newValidator();
    validator.setErrorHandler(new Collector(errors));
    try (FileInputStream bytes = new FileInputStream(file)) {
      validator.validate(new SAXSource(parsers.newSAXParser().getXMLReader(), new InputSource(bytes)));
    } catch (SAXException refused) {
      if (errors.isEmpty()) errors.add(oneLine(refused.getMessage()));
    }
    return errors;
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ");
  }

  private record Collector(List<String> errors) implements ErrorHandler {
    public void warning(SAXParseException warning) {}

    public void error(SAXParseException error) {
      errors.add(error.getLineNumber() + ": " + oneLine(error.getMessage()));
    }

    public void fatalError(SAXParseException error) throws SAXException {
      error(error);
      throw error;
    }
  }
}
