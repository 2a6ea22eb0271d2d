import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.semanticweb.HermiT.Configuration;
import org.semanticweb.HermiT.Reasoner;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.profiles.OWL2DLProfile;
import org.semanticweb.owlapi.profiles.OWL2RLProfile;
import org.semanticweb.owlapi.profiles.OWLProfile;
import org.semanticweb.owlapi.profiles.OWLProfileReport;
import org.semanticweb.owlapi.profiles.OWLProfileViolation;

/**
 * Says of files whether they are in an OWL 2 profile, by OWLAPI, and whether they are consistent, by HermiT:
 * java -cp HermiT.jar Judge.java, then a line a question, RL|DL|consistent and the path. The last line of an answer is
 * "= yes", "= no" or "= fault".
 */
public class Judge {
    public static void main(String[] arguments) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] parts = line.split(" ", 2);
            String answer;
            try {
                answer = judge(parts[0], new File(parts[1])) ? "yes" : "no";
            } catch (Throwable fault) {
                fault.printStackTrace(System.out);
                answer = "fault";
            }
            System.out.println("= " + answer);
            System.out.flush();
        }
    }

    private static boolean judge(String question, File file) throws Exception {
        OWLOntology ontology = OWLManager.createOWLOntologyManager().loadOntologyFromOntologyDocument(file);
        OWLProfile profile;
        switch (question) {
            case "consistent":
                return new Reasoner(new Configuration(), ontology).isConsistent();
            case "RL":
                profile = new OWL2RLProfile();
                break;
            case "DL":
                profile = new OWL2DLProfile();
                break;
            default:
                throw new IllegalArgumentException(question);
        }
        OWLProfileReport report = profile.checkOntology(ontology);
        for (OWLProfileViolation violation : report.getViolations()) {
            System.out.println("  " + violation);
        }
        return report.isInProfile();
    }
}
