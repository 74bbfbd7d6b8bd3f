import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.HapiContext;
import ca.uhn.hl7v2.app.Connection;
import ca.uhn.hl7v2.llp.LLPException;
import ca.uhn.hl7v2.llp.MinLowerLayerProtocol;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.model.Segment;
import ca.uhn.hl7v2.model.Structure;
import ca.uhn.hl7v2.protocol.ReceivingApplication;
import ca.uhn.hl7v2.util.Terser;
import ca.uhn.hl7v2.util.idgenerator.InMemoryIDGenerator;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A hospital application built on HAPI HL7v2. It listens for notices on a port that it prints, and sends the message of each
 * line of its input (`host port file`). Each thing that happens is a line of output, tab-separated: `port N`, `notice ...`,
 * `ack ...` with one more field for each ERR. Ends with its input.
 */
class Hapi {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  public static void main(String[] arguments) throws Exception {
    try (HapiContext lenient = contextOf(false); HapiContext strict = contextOf(true)) {
      int port = freePort();
      var server = lenient.newServer(port, false);
      server.registerApplication(new Notices(strict));
      server.startAndWait();
      print("port", String.valueOf(port));
      var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        String[] words = line.split("\t");
        send(lenient, strict, words[0], Integer.parseInt(words[1]), Path.of(words[2]));
      }
      server.stopAndWait();
    }
  }

  /** HAPI validates what it parses: a document of 100 kB is over its limit for OBX-5, an acknowledgement must pass. */
  private static HapiContext contextOf(boolean validates) {
    HapiContext context = new DefaultHapiContext();
    // The generator that HAPI takes by itself writes a file where it is started.
    context.getParserConfiguration().setIdGenerator(new InMemoryIDGenerator());
    context.setLowerLayerProtocol(new MinLowerLayerProtocol(true));
    context.setValidationContext(
        validates ? ValidationContextFactory.defaultValidation() : ValidationContextFactory.noValidation());
    return context;
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void send(HapiContext lenient, HapiContext strict, String host, int port, Path file)
      throws Exception {
    String text = Files.readString(file, StandardCharsets.UTF_8).replace("\r\n", "\r").replace('\n', '\r');
    Message message = lenient.getPipeParser().parse(text);
    Connection connection = lenient.newClient(host, port, false);
    try {
      connection.getInitiator().setTimeout(30, TimeUnit.SECONDS);
      Message answer = connection.getInitiator().sendAndReceive(message);
      Message checked = strict.getPipeParser().parse(answer.encode());
      Terser terser = new Terser(checked);
      List<String> said = new ArrayList<>(List.of(
          "ack", checked.getClass().getName(), value(terser, "/MSH-9-1") + "^" + value(terser, "/MSH-9-2"),
          value(terser, "/MSA-1"), value(terser, "/MSA-2")));
      for (Structure error : checked.getAll("ERR"))
        said.add(((Segment) error).encode());
      print(said.toArray(String[]::new));
    } catch (HL7Exception | LLPException problem) {
      print("problem", String.valueOf(problem));
    } finally {
      connection.close();
    }
  }

  private static String value(Terser terser, String path) throws HL7Exception {
    String value = terser.get(path);
    return value == null ? "" : value;
  }

  private static void print(String... fields) {
    List<String> clean = new ArrayList<>();
    for (String field : fields) clean.add(field.replaceAll("[\t\r\n]+", " "));
    OUT.println(String.join("\t", clean));
  }

  /** Takes notices: says what it read of each, and acknowledges it as HAPI does. */
  private record Notices(HapiContext strict) implements ReceivingApplication<Message> {
    @Override
    public boolean canProcess(Message message) {
      return true;
    }

    @Override
    public Message processMessage(Message message, Map<String, Object> about) {
      try {
        Message checked = strict.getPipeParser().parse(message.encode());
        Terser terser = new Terser(checked);
        print("notice", value(terser, "/.MSH-9-1") + "^" + value(terser, "/.MSH-9-2"), value(terser, "/.MSH-10"),
            value(terser, "/.OBX-4"), value(terser, "/.OBX-5-1"), value(terser, "/.OBX-3-2"));
        return message.generateACK();
      } catch (Exception problem) {
        print("problem", String.valueOf(problem));
        throw new IllegalStateException(problem);
      }
    }
  }
}
