import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.xml.crypto.KeySelector;
import javax.xml.crypto.KeySelectorResult;
import javax.xml.crypto.OctetStreamData;
import javax.xml.crypto.URIDereferencer;
import javax.xml.crypto.dsig.Manifest;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.XMLObject;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Judges signatures by javax.xml.crypto of the JDK, which shares nothing with Viaduc, with its simulators or with xmlsec1.
 * Arguments: root (PEM), authorities below it (PEM), then files. Prints for each: `valid`, digest method, number of references
 * (those of a manifest included), subject of the signer; or `invalid` and why. A reference `urn:oid:X` of a manifest is the
 * file `X` beside the signature; that of the lot itself, whose digest stands for nothing, is left out.
 */
public class Signatures {
  static final String DS = XMLSignature.XMLNS;
  static final String SAML = "urn:oasis:names:tc:SAML:2.0:assertion";
  static final String XADES = "http://uri.etsi.org/01903/v1.1.1#";
  static final String NO_DIGEST = "AA==";

  public static void main(String[] arguments) throws Exception {
    List<X509Certificate> roots = certificates(arguments[0]);
    List<X509Certificate> between = certificates(arguments[1]);
    for (int index = 2; index < arguments.length; index += 1) {
      String verdict;
      try {
        verdict = judge(Path.of(arguments[index]), roots, between);
      } catch (Exception error) {
        verdict = "invalid\t" + error.getClass().getSimpleName() + ": " + error.getMessage();
      }
      System.out.println(verdict.replace("\n", " "));
    }
  }

  static String judge(Path file, List<X509Certificate> roots, List<X509Certificate> between) throws Exception {
    DocumentBuilderFactory builders = DocumentBuilderFactory.newInstance();
    builders.setNamespaceAware(true);
    Document document = builders.newDocumentBuilder().parse(file.toFile());
    NodeList found = document.getElementsByTagNameNS(DS, "Signature");
    if (found.getLength() != 1) return "invalid\tthere are " + found.getLength() + " signatures";
    Element element = (Element) found.item(0);
    Chosen chosen = new Chosen();
    DOMValidateContext context = new DOMValidateContext(chosen, element);
    // Secure validation refuses SHA-1, which some of the messages that the DMP takes are made with.
    context.setProperty("org.jcp.xml.dsig.secureValidation", false);
    register(context, document);
    XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
    XMLSignature signature = factory.unmarshalXMLSignature(context);
    if (!signature.validate(context)) return "invalid\t" + reasonOf(signature, context);
    checkPath(chosen.certificate, roots, between);
    int references = signature.getSignedInfo().getReferences().size();
    boolean assertion = SAML.equals(element.getParentNode().getNamespaceURI());
    if (assertion) checkCovers((Element) element.getParentNode(), signature);
    else {
      references += checkManifest(signature, context, factory, file.getParent());
      checkProperties(element, chosen.certificate);
    }
    String method = signature.getSignedInfo().getSignatureMethod().getAlgorithm();
    String digest = method.substring(method.lastIndexOf('-') + 1);
    return "valid\t" + digest + "\t" + references + "\t" + chosen.certificate.getSubjectX500Principal().getName();
  }

  /** Attributes that name elements, where the schemas of SAML, XML Signature and XAdES say that they do. */
  static void register(DOMValidateContext context, Document document) {
    for (String[] one : new String[][] {{SAML, "Assertion", "ID"}, {DS, "Manifest", "Id"}, {XADES, "SignedProperties", "Id"}}) {
      NodeList elements = document.getElementsByTagNameNS(one[0], one[1]);
      for (int index = 0; index < elements.getLength(); index += 1)
        context.setIdAttributeNS((Element) elements.item(index), null, one[2]);
    }
  }

  static String reasonOf(XMLSignature signature, DOMValidateContext context) throws Exception {
    if (!signature.getSignatureValue().validate(context)) return "the value is not that of the key";
    for (Reference reference : signature.getSignedInfo().getReferences())
      if (!reference.validate(context)) return "the digest of " + reference.getURI() + " differs";
    return "unknown";
  }

  /** The one reference of an assertion is the assertion itself. */
  static void checkCovers(Element assertion, XMLSignature signature) {
    List<Reference> references = signature.getSignedInfo().getReferences();
    require(references.size() == 1, "an assertion has one reference");
    require(references.get(0).getURI().equals("#" + assertion.getAttribute("ID")), "the reference is not the assertion");
  }

  /** Every document of the manifest, by its canonical form as the JDK makes it. */
  static int checkManifest(
      XMLSignature signature, DOMValidateContext context, XMLSignatureFactory factory, Path folder) throws Exception {
    URIDereferencer local = factory.getURIDereferencer();
    context.setURIDereferencer(
        (reference, inside) -> {
          if (!reference.getURI().startsWith("urn:oid:")) return local.dereference(reference, inside);
          try {
            File file = folder.resolve(reference.getURI().substring(8)).toFile();
            return new OctetStreamData(new FileInputStream(file));
          } catch (java.io.IOException error) {
            throw new javax.xml.crypto.URIReferenceException(error);
          }
        });
    int documents = 0;
    for (XMLObject object : signature.getObjects())
      for (Object content : object.getContent())
        if (content instanceof Manifest manifest)
          for (Reference reference : manifest.getReferences()) {
            if (Base64.getEncoder().encodeToString(reference.getDigestValue()).equals(NO_DIGEST)) continue;
            require(reference.validate(context), "the document " + reference.getURI() + " differs");
            documents += 1;
          }
    require(documents > 0, "no document is signed");
    return documents;
  }

  /** XAdES: the signing certificate that is named is the one whose key signed. */
  static void checkProperties(Element signature, X509Certificate signer) throws Exception {
    Element certificate = (Element) signature.getElementsByTagNameNS(XADES, "Cert").item(0);
    String algorithm = ((Element) certificate.getElementsByTagNameNS(XADES, "DigestMethod").item(0)).getAttribute("Algorithm");
    MessageDigest digest = MessageDigest.getInstance(algorithm.endsWith("#sha1") ? "SHA-1" : "SHA-256");
    String named = textOf(certificate, XADES, "DigestValue");
    String own = Base64.getEncoder().encodeToString(digest.digest(signer.getEncoded()));
    require(named.equals(own), "the certificate that is named is not the signer's");
    String serial = textOf(certificate, DS, "X509SerialNumber");
    require(serial.equals(signer.getSerialNumber().toString()), "the serial number is not the signer's");
    javax.security.auth.x500.X500Principal issuer =
        new javax.security.auth.x500.X500Principal(textOf(certificate, DS, "X509IssuerName"));
    require(issuer.equals(signer.getIssuerX500Principal()), "the issuer is not the signer's");
  }

  static String textOf(Element element, String namespace, String name) {
    return element.getElementsByTagNameNS(namespace, name).item(0).getTextContent();
  }

  static void checkPath(X509Certificate signer, List<X509Certificate> roots, List<X509Certificate> between) throws Exception {
    PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(roots.get(0), null)));
    parameters.setRevocationEnabled(false);
    List<X509Certificate> path = new ArrayList<>(List.of(signer));
    path.add(between.get(0));
    CertPathValidator.getInstance("PKIX").validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
    boolean[] usage = signer.getKeyUsage();
    require(usage != null && usage[0] && usage[1], "the certificate is not made for signing (digitalSignature, nonRepudiation)");
  }

  static void require(boolean condition, String otherwise) {
    if (!condition) throw new IllegalStateException(otherwise);
  }

  static List<X509Certificate> certificates(String file) throws Exception {
    byte[] bytes = Files.readAllBytes(Path.of(file));
    List<X509Certificate> found = new ArrayList<>();
    for (var one : CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes)))
      found.add((X509Certificate) one);
    return found;
  }

  /** The key of the certificate that the signature carries. */
  static class Chosen extends KeySelector {
    X509Certificate certificate;

    @Override
    public KeySelectorResult select(
        javax.xml.crypto.dsig.keyinfo.KeyInfo info,
        Purpose purpose,
        javax.xml.crypto.AlgorithmMethod method,
        javax.xml.crypto.XMLCryptoContext context) {
      for (Object content : info.getContent())
        if (content instanceof javax.xml.crypto.dsig.keyinfo.X509Data data)
          for (Object one : data.getContent())
            if (one instanceof X509Certificate found) certificate = found;
      return () -> certificate.getPublicKey();
    }
  }
}
