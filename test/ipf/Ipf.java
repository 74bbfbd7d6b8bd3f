import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.activation.DataHandler;
import javax.xml.bind.JAXBContext;
import javax.xml.bind.Unmarshaller;
import javax.xml.bind.attachment.AttachmentUnmarshaller;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.cxf.attachment.AttachmentDeserializer;
import org.apache.cxf.message.Attachment;
import org.apache.cxf.message.Message;
import org.apache.cxf.message.MessageImpl;
import org.openehealth.ipf.commons.ihe.xds.XDS;
import org.openehealth.ipf.commons.ihe.xds.core.ebxml.ebxml30.EbXMLAdhocQueryRequest30;
import org.openehealth.ipf.commons.ihe.xds.core.ebxml.ebxml30.EbXMLFactory30;
import org.openehealth.ipf.commons.ihe.xds.core.ebxml.ebxml30.EbXMLProvideAndRegisterDocumentSetRequest30;
import org.openehealth.ipf.commons.ihe.xds.core.ebxml.ebxml30.EbXMLSubmitObjectsRequest30;
import org.openehealth.ipf.commons.ihe.xds.core.ebxml.ebxml30.ProvideAndRegisterDocumentSetRequestType;
import org.openehealth.ipf.commons.ihe.xds.core.metadata.Document;
import org.openehealth.ipf.commons.ihe.xds.core.metadata.DocumentEntry;
import org.openehealth.ipf.commons.ihe.xds.core.stub.ebrs30.lcm.SubmitObjectsRequest;
import org.openehealth.ipf.commons.ihe.xds.core.stub.ebrs30.query.AdhocQueryRequest;
import org.openehealth.ipf.commons.ihe.xds.core.transform.requests.ProvideAndRegisterDocumentSetTransformer;
import org.openehealth.ipf.commons.ihe.xds.core.validate.requests.AdhocQueryRequestValidator;
import org.openehealth.ipf.commons.ihe.xds.core.validate.requests.ProvideAndRegisterDocumentSetRequestValidator;
import org.openehealth.ipf.commons.ihe.xds.core.validate.requests.SubmitObjectsRequestValidator;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Judges each message of a folder (Content-Type, an empty line, the body) as Open eHealth IPF does for a repository or a
 * registry. One line each, tab-separated: file name, `valid` or `invalid`, then the reason, or what IPF read of each document.
 */
class Ipf {
  private static final String SOAP = "http://www.w3.org/2003/05/soap-envelope";
  private static final JAXBContext CONTEXT = contextOf();

  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of(arguments[0]))) {
      for (Path file : files) out.println(file.getFileName() + "\t" + judge(file));
    }
  }

  private static JAXBContext contextOf() {
    try {
      return JAXBContext.newInstance(
          ProvideAndRegisterDocumentSetRequestType.class, SubmitObjectsRequest.class, AdhocQueryRequest.class);
    } catch (Exception problem) {
      throw new IllegalStateException(problem);
    }
  }

  private static String judge(Path file) {
    try {
      return "valid\t" + String.join("\t", validate(requestOf(file)));
    } catch (Exception problem) {
      return "invalid\t" + clean(String.valueOf(problem));
    }
  }

  /** @return what was read of each document, for a request that has some */
  private static List<String> validate(Object request) throws Exception {
    if (request instanceof ProvideAndRegisterDocumentSetRequestType deposit) return validateDeposit(deposit);
    if (request instanceof SubmitObjectsRequest update)
      SubmitObjectsRequestValidator.getInstance()
          .validate(new EbXMLSubmitObjectsRequest30(update), XDS.Interactions.ITI_57);
    else
      AdhocQueryRequestValidator.getInstance()
          .validate(new EbXMLAdhocQueryRequest30((AdhocQueryRequest) request), XDS.Interactions.ITI_18);
    return List.of();
  }

  private static List<String> validateDeposit(ProvideAndRegisterDocumentSetRequestType deposit) throws Exception {
    var request = new EbXMLProvideAndRegisterDocumentSetRequest30(deposit);
    ProvideAndRegisterDocumentSetRequestValidator.getInstance().validate(request, XDS.Interactions.ITI_41);
    var lot = new ProvideAndRegisterDocumentSetTransformer(new EbXMLFactory30()).fromEbXML(request);
    List<String> read = new ArrayList<>();
    for (Document document : lot.getDocuments()) read.add(describe(document));
    return read;
  }

  private static String describe(Document document) throws Exception {
    DocumentEntry entry = document.getDocumentEntry();
    InputStream content = document.getContent(DataHandler.class).getInputStream();
    String sha1 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(content.readAllBytes()));
    return clean(String.join("|", entry.getUniqueId(), entry.getTypeCode().getCode(),
        entry.getClassCode().getCode(), entry.getFormatCode().getCode(), entry.getPatientId().getId(),
        institutionOf(entry), entry.getHash(), sha1));
  }

  /** Of the first author; some documents name none. */
  private static String institutionOf(DocumentEntry entry) {
    var institutions = entry.getAuthors().get(0).getAuthorInstitution();
    return institutions.isEmpty() ? "" : institutions.get(0).getIdNumber();
  }

  private static Object requestOf(Path file) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    String type = text.substring("Content-Type: ".length(), end);
    InputStream body = new ByteArrayInputStream(bytes, end + 4, bytes.length - end - 4);
    Map<String, DataHandler> parts = new HashMap<>();
    return unmarshal(contentOf(type.startsWith("multipart/") ? rootOf(type, body, parts) : body), parts);
  }

  /** The root part of an MTOM message as CXF reads it; the other parts are put by Content-ID. */
  private static InputStream rootOf(String type, InputStream body, Map<String, DataHandler> parts) throws Exception {
    Message message = new MessageImpl();
    message.put(Message.CONTENT_TYPE, type);
    message.setContent(InputStream.class, body);
    new AttachmentDeserializer(message).initializeAttachments();
    byte[] root = message.getContent(InputStream.class).readAllBytes();
    for (Attachment part : message.getAttachments()) parts.put(part.getId(), part.getDataHandler());
    return new ByteArrayInputStream(root);
  }

  private static Element contentOf(InputStream soap) throws Exception {
    var factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    Node body = factory.newDocumentBuilder().parse(soap).getElementsByTagNameNS(SOAP, "Body").item(0);
    for (Node node = body.getFirstChild(); node != null; node = node.getNextSibling())
      if (node instanceof Element element) return element;
    throw new IllegalArgumentException("the SOAP body is empty");
  }

  private static Object unmarshal(Element content, Map<String, DataHandler> parts) throws Exception {
    Unmarshaller unmarshaller = CONTEXT.createUnmarshaller();
    unmarshaller.setEventHandler(event -> false);
    unmarshaller.setAttachmentUnmarshaller(new Parts(parts));
    return unmarshaller.unmarshal(content);
  }

  private static String clean(String text) {
    return text.replaceAll("[\t\r\n]+", " ");
  }

  /** Documents that stand in parts of their own. */
  private static final class Parts extends AttachmentUnmarshaller {
    private final Map<String, DataHandler> parts;

    Parts(Map<String, DataHandler> parts) {
      this.parts = parts;
    }

    @Override
    public boolean isXOPPackage() {
      return true;
    }

    @Override
    public DataHandler getAttachmentAsDataHandler(String cid) {
      DataHandler part = parts.get(URLDecoder.decode(cid.replaceFirst("^cid:", ""), StandardCharsets.UTF_8));
      if (part == null) throw new IllegalArgumentException("no part for " + cid);
      return part;
    }

    @Override
    public byte[] getAttachmentAsByteArray(String cid) {
      try {
        return getAttachmentAsDataHandler(cid).getInputStream().readAllBytes();
      } catch (java.io.IOException problem) {
        throw new IllegalStateException(problem);
      }
    }
  }
}
