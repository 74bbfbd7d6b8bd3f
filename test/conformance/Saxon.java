import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.transform.Source;
import javax.xml.transform.TransformerException;
import javax.xml.transform.URIResolver;
import javax.xml.transform.stream.StreamSource;
import net.sf.saxon.lib.FeatureKeys;
import net.sf.saxon.s9api.Axis;
import net.sf.saxon.s9api.MessageListener;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.QName;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.XPathCompiler;
import net.sf.saxon.s9api.XPathSelector;
import net.sf.saxon.s9api.XdmDestination;
import net.sf.saxon.s9api.XdmItem;
import net.sf.saxon.s9api.XdmNode;
import net.sf.saxon.s9api.XdmNodeKind;
import net.sf.saxon.s9api.XdmSequenceIterator;
import net.sf.saxon.s9api.XsltCompiler;
import net.sf.saxon.s9api.XsltExecutable;
import net.sf.saxon.s9api.XsltTransformer;

/**
 * Judges documents by Schematrons, each compiled once by the ISO skeleton of the class path. A line of standard input
 * holds a document and its Schematrons, paths separated by tabs; a line of standard output is a JSON object: time to
 * parse the document, then for each Schematron its failed assertions, why it stopped if it did, and its time.
 *
 * Arguments: `--without-broken` leaves out the assertions that name a file which does not exist and those whose test is
 * no XPath: with them Saxon stops on every document. `--keep` keeps the files that `doc()` read, from one document
 * to the next, as a server would.
 */
public class Saxon {
  private static final String SKELETON = "external/schematron/20100710-xslt2/";
  private static final String SCHEMATRON = "http://purl.oclc.org/dsdl/schematron";
  private static final String SVRL = "http://purl.oclc.org/dsdl/svrl";
  private static final Pattern NAMED_FILE = Pattern.compile("doc(?:ument)?\\('([^']+)'\\)");

  private final Processor processor = new Processor(false);
  private final Kept kept;
  private final boolean withoutBroken;
  private final Map<String, XsltExecutable> compiled = new HashMap<>();
  private final List<XsltExecutable> stages = new ArrayList<>();
  private String firstError;

  private Saxon(List<String> arguments) throws SaxonApiException {
    withoutBroken = arguments.contains("--without-broken");
    processor.setConfigurationProperty(FeatureKeys.LINE_NUMBERING, false);
    processor.setConfigurationProperty(FeatureKeys.SUPPRESS_XSLT_NAMESPACE_CHECK, true);
    kept = arguments.contains("--keep") ? new Kept() : null;
    for (String file : List.of("iso_dsdl_include.xsl", "iso_abstract_expand.xsl", "iso_svrl_for_xslt2.xsl")) {
      String address = Saxon.class.getClassLoader().getResource(SKELETON + file).toString();
      stages.add(compiler().compile(new StreamSource(address)));
    }
  }

  public static void main(String[] arguments) throws Exception {
    Saxon saxon = new Saxon(List.of(arguments));
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (String line = input.readLine(); line != null; line = input.readLine()) output.println(saxon.judge(line));
  }

  private String judge(String line) {
    String[] paths = line.split("\t");
    long start = System.nanoTime();
    XdmNode document;
    try {
      document = processor.newDocumentBuilder().build(new File(paths[0]));
    } catch (SaxonApiException refused) {
      return "{\"refused\":" + quoted(refused.getMessage()) + "}";
    }
    long parsed = System.nanoTime() - start;
    List<String> verdicts = new ArrayList<>();
    for (int index = 1; index < paths.length; index += 1) {
      verdicts.add(quoted(paths[index]) + ":" + verdict(document, paths[index]));
    }
    return "{\"parseMs\":" + milliseconds(parsed) + ",\"verdicts\":{" + String.join(",", verdicts) + "}}";
  }

  private String verdict(XdmNode document, String schematron) {
    firstError = null;
    try {
      XsltExecutable rules = rules(schematron);
      long start = System.nanoTime();
      XdmNode report = transform(rules, document);
      List<String> failed = failed(report);
      long took = System.nanoTime() - start;
      return "{\"failed\":[" + String.join(",", failed) + "],\"aborted\":null,\"ms\":" + milliseconds(took) + "}";
    } catch (SaxonApiException stopped) {
      return "{\"failed\":[],\"aborted\":" + quoted(reason(stopped)) + ",\"ms\":0}";
    }
  }

  private String reason(SaxonApiException stopped) {
    QName code = stopped.getErrorCode();
    String message = firstError == null ? stopped.getMessage() : firstError;
    return (code == null ? "" : code.getLocalName() + " ") + message;
  }

  private XsltExecutable rules(String path) throws SaxonApiException {
    XsltExecutable known = compiled.get(path);
    if (known == null) {
      XdmNode schematron = processor.newDocumentBuilder().build(new File(path));
      schematron = transform(stages.get(0), schematron);
      if (withoutBroken) schematron = withoutBroken(schematron, new File(path).toURI());
      schematron = transform(stages.get(1), schematron);
      XdmNode stylesheet = transform(stages.get(2), schematron);
      known = compiler().compile(based(stylesheet, path));
      compiled.put(path, known);
    }
    return known;
  }

  /** The stylesheet as if it stood where the Schematron is, so that its relative addresses resolve from there. */
  private Source based(XdmNode stylesheet, String path) {
    Source source = stylesheet.asSource();
    source.setSystemId(new File(path).toURI().toString());
    return source;
  }

  /** A copy in which the broken assertions are always true. */
  private XdmNode withoutBroken(XdmNode schematron, URI base) throws SaxonApiException {
    String text = schematron.toString();
    XPathCompiler paths = processor.newXPathCompiler();
    paths.setAllowUndeclaredVariables(true);
    for (XdmNode declared : select(schematron, "//s:ns")) {
      paths.declareNamespace(declared.getAttributeValue(new QName("prefix")), declared.getAttributeValue(new QName("uri")));
    }
    for (XdmNode check : select(schematron, "//s:assert | //s:report")) {
      String test = check.getAttributeValue(new QName("test"));
      if (namesMissingFile(test, base) || isNoXPath(test, paths)) text = withoutTest(text, test);
    }
    StreamSource source = new StreamSource(new StringReader(text));
    source.setSystemId(base.toString());
    return processor.newDocumentBuilder().build(source);
  }

  private static boolean namesMissingFile(String test, URI base) {
    Matcher file = NAMED_FILE.matcher(test);
    while (file.find()) if (!new File(base.resolve(file.group(1))).exists()) return true;
    return false;
  }

  private static boolean isNoXPath(String test, XPathCompiler paths) {
    try {
      paths.compile(test);
      return false;
    } catch (SaxonApiException refused) {
      return refused.getErrorCode() != null && refused.getErrorCode().getLocalName().equals("XPST0003");
    }
  }

  /** The assertion whose test this is made always true. */
  private static String withoutTest(String text, String test) {
    String written = test.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&#34;");
    for (String form : List.of(written, written.replace("&#34;", "&quot;"), test.replace("&", "&amp;").replace("<", "&lt;"))) {
      if (text.contains("test=\"" + form + "\"")) return text.replace("test=\"" + form + "\"", "test=\"true()\"");
    }
    throw new IllegalStateException("not found as written: " + test);
  }

  private List<XdmNode> select(XdmNode from, String path) throws SaxonApiException {
    XPathCompiler paths = processor.newXPathCompiler();
    paths.declareNamespace("s", SCHEMATRON);
    paths.declareNamespace("svrl", SVRL);
    XPathSelector selector = paths.compile(path).load();
    selector.setContextItem(from);
    List<XdmNode> nodes = new ArrayList<>();
    for (XdmItem item : selector) nodes.add((XdmNode) item);
    return nodes;
  }

  private XsltCompiler compiler() {
    XsltCompiler compiler = processor.newXsltCompiler();
    compiler.setErrorListener(new Noting());
    return compiler;
  }

  private XdmNode transform(XsltExecutable by, XdmNode document) throws SaxonApiException {
    XsltTransformer transformer = by.load();
    XdmDestination result = new XdmDestination();
    result.setBaseURI(document.getBaseURI());
    transformer.setErrorListener(new Noting());
    transformer.setMessageListener((MessageListener) (content, terminate, locator) -> {});
    if (kept != null) transformer.setURIResolver(kept);
    transformer.setInitialContextNode(document);
    transformer.setDestination(result);
    transformer.transform();
    return result.getXdmNode();
  }

  private static List<String> failed(XdmNode report) {
    List<String> failed = new ArrayList<>();
    XdmSequenceIterator<XdmNode> nodes = report.axisIterator(Axis.DESCENDANT);
    while (nodes.hasNext()) {
      XdmNode node = nodes.next();
      if (node.getNodeKind() != XdmNodeKind.ELEMENT) continue;
      String name = node.getNodeName().getLocalName();
      if (name.equals("failed-assert") || name.equals("successful-report")) failed.add(finding(node));
    }
    return failed;
  }

  private static String finding(XdmNode check) {
    String message = "";
    XdmSequenceIterator<XdmNode> texts = check.axisIterator(Axis.CHILD, new QName(SVRL, "text"));
    if (texts.hasNext()) message = texts.next().getStringValue().replaceAll("[ \\t\\r\\n]+", " ").trim();
    String role = check.getAttributeValue(new QName("role"));
    String location = plain(check.getAttributeValue(new QName("location")));
    return "[" + quoted(message) + "," + quoted(location) + "," + quoted(role == null ? "" : role) + "]";
  }

  /** The skeleton's location with local names only, and a position only where it is not the first. */
  private static String plain(String location) {
    return location
        .replaceAll("@\\*\\[local-name\\(\\)='([^']*)'[^\\]]*\\]", "@$1")
        .replaceAll("\\[namespace-uri\\(\\)='[^']*'\\]", "")
        .replaceAll("\\*:", "")
        .replace("[1]", "");
  }

  private static String milliseconds(long nanoseconds) {
    return String.format(java.util.Locale.ROOT, "%.3f", nanoseconds / 1e6);
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

  /** Notes the first error, for Saxon's own exception says less. */
  private class Noting implements javax.xml.transform.ErrorListener {
    public void warning(TransformerException warning) {}

    public void error(TransformerException error) {
      if (firstError == null) firstError = error.getMessage();
    }

    public void fatalError(TransformerException error) {
      error(error);
    }
  }

  /** Reads each file once. */
  private class Kept implements URIResolver {
    private final Map<String, XdmNode> files = new HashMap<>();

    public Source resolve(String reference, String base) throws TransformerException {
      try {
        Path file = Path.of(new URI(base).resolve(new URI(null, null, reference, null)));
        if (!reference.matches(".*\\.(xml|rdf)") || !Files.exists(file)) return null;
        XdmNode known = files.get(file.toString());
        if (known == null) {
          known = processor.newDocumentBuilder().build(file.toFile());
          files.put(file.toString(), known);
        }
        return known.asSource();
      } catch (URISyntaxException | IllegalArgumentException unknown) {
        return null;
      } catch (SaxonApiException failed) {
        throw new TransformerException(failed);
      }
    }
  }
}
