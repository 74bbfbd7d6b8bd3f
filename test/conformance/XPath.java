import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.transform.stream.StreamSource;
import net.sf.saxon.s9api.Axis;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.QName;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.XPathCompiler;
import net.sf.saxon.s9api.XPathSelector;
import net.sf.saxon.s9api.XdmAtomicValue;
import net.sf.saxon.s9api.XdmItem;
import net.sf.saxon.s9api.XdmNode;
import net.sf.saxon.s9api.XdmNodeKind;
import net.sf.saxon.s9api.XdmSequenceIterator;

/**
 * Evaluates XPath expressions. A line of standard input holds, percent-encoded and separated by tabs, a document, the
 * path of the context node in it, the expression and the prefixes (`prefix=namespace`, separated by spaces). A line of
 * standard output is a JSON object: `items`, each as its type and value, or `error`, a code.
 *
 * Argument: the language version.
 */
public class XPath {
  private final Processor processor = new Processor(false);
  private final String version;

  private XPath(String version) {
    this.version = version;
  }

  public static void main(String[] arguments) throws Exception {
    XPath evaluator = new XPath(arguments[0]);
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (String line = input.readLine(); line != null; line = input.readLine()) output.println(evaluator.answer(line));
  }

  private String answer(String line) {
    String[] fields = line.split("\t", -1);
    for (int index = 0; index < fields.length; index += 1) {
      fields[index] = URLDecoder.decode(fields[index].replace("+", "%2B"), StandardCharsets.UTF_8);
    }
    try {
      XdmNode document = processor.newDocumentBuilder().build(new StreamSource(new StringReader(fields[0]), "file:///context.xml"));
      XdmItem context = document;
      for (XdmItem node : evaluate(fields[1], document, fields[3]).evaluate()) context = node;
      List<String> items = new ArrayList<>();
      for (XdmItem item : evaluate(fields[2], context, fields[3]).evaluate()) items.add(described(item));
      return "{\"items\":[" + String.join(",", items) + "]}";
    } catch (SaxonApiException failed) {
      QName code = failed.getErrorCode();
      return "{\"error\":" + quoted(code == null ? "unknown" : code.getLocalName()) + "}";
    } catch (Exception | OutOfMemoryError defect) {
      return "{\"error\":\"unknown\"}";
    }
  }

  private XPathSelector evaluate(String expression, XdmItem context, String prefixes) throws SaxonApiException {
    XPathCompiler compiler = processor.newXPathCompiler();
    compiler.setLanguageVersion(version);
    for (String prefix : prefixes.split(" ")) {
      int equals = prefix.indexOf('=');
      compiler.declareNamespace(prefix.substring(0, equals), prefix.substring(equals + 1));
    }
    XPathSelector selector = compiler.compile(expression).load();
    selector.setContextItem(context);
    return selector;
  }

  private static String described(XdmItem item) {
    if (!(item instanceof XdmNode)) {
      XdmAtomicValue value = (XdmAtomicValue) item;
      return "[" + quoted(value.getPrimitiveTypeName().getLocalName()) + "," + quoted(value.getStringValue()) + "]";
    }
    XdmNode node = (XdmNode) item;
    XdmNodeKind kind = node.getNodeKind();
    boolean named = kind == XdmNodeKind.ELEMENT || kind == XdmNodeKind.ATTRIBUTE;
    String name = kind == XdmNodeKind.PROCESSING_INSTRUCTION ? "instruction" : kind.toString().toLowerCase();
    return "[" + quoted(name) + "," + quoted(named ? path(node) : node.getStringValue()) + "]";
  }

  private static String path(XdmNode node) {
    XdmNode parent = node.getParent();
    String before = parent == null || parent.getNodeKind() == XdmNodeKind.DOCUMENT ? "" : path(parent);
    String name = node.getNodeName().getLocalName();
    if (node.getNodeKind() == XdmNodeKind.ATTRIBUTE) return before + "/@" + name;
    int position = 1;
    XdmSequenceIterator<XdmNode> siblings = node.axisIterator(Axis.PRECEDING_SIBLING, node.getNodeName());
    for (; siblings.hasNext(); siblings.next()) position += 1;
    return before + "/" + name + (position > 1 ? "[" + position + "]" : "");
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int index = 0; index < text.length(); index += 1) {
      char character = text.charAt(index);
      if (character == '"' || character == '\\') json.append('\\').append(character);
      else if (character < ' ') json.append(String.format("\\u%04x", (int) character));
      else json.append(character);
    }
    return json.append('"').toString();
  }
}
