import java.io.FileInputStream;
import java.util.Set;
import java.util.TreeSet;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;

/** Judges each file by PDF/A-1b; a line each: the name, `true` or `false`, the rules that it breaks. */
public class Vera {
  public static void main(String[] files) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    for (String file : files) System.out.println(file + "\t" + judgement(file));
  }

  private static String judgement(String file) throws Exception {
    var foundry = Foundries.defaultInstance();
    try (FileInputStream bytes = new FileInputStream(file);
        PDFAParser parser = foundry.createParser(bytes, PDFAFlavour.PDFA_1_B);
        PDFAValidator validator = foundry.createValidator(PDFAFlavour.PDFA_1_B, false)) {
      var result = validator.validate(parser);
      Set<String> broken = new TreeSet<>();
      for (TestAssertion one : result.getTestAssertions())
        if (one.getStatus() == TestAssertion.Status.FAILED)
          broken.add(one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber());
      return result.isCompliant() + "\t" + String.join(" ", broken);
    }
  }
}
