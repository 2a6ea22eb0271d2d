import java.io.File;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.profiles.OWL2DLProfile;
import org.semanticweb.owlapi.profiles.OWL2RLProfile;
import org.semanticweb.owlapi.profiles.OWLProfile;
import org.semanticweb.owlapi.profiles.OWLProfileReport;
import org.semanticweb.owlapi.profiles.OWLProfileViolation;

/** Says whether files are in an OWL 2 profile: java -cp HermiT.jar ProfileCheck.java RL|DL file... */
public class ProfileCheck {
    public static void main(String[] arguments) throws Exception {
        OWLProfile profile = arguments[0].equals("RL") ? new OWL2RLProfile() : new OWL2DLProfile();
        int status = 0;
        for (int i = 1; i < arguments.length; i++) {
            OWLOntology ontology = OWLManager.createOWLOntologyManager()
                .loadOntologyFromOntologyDocument(new File(arguments[i]));
            OWLProfileReport report = profile.checkOntology(ontology);
            System.out.println(arguments[i] + " " + profile.getName() + " " + report.isInProfile());
            for (OWLProfileViolation violation : report.getViolations()) {
                System.out.println("  " + violation);
            }
            if (!report.isInProfile()) {
                status = 1;
            }
        }
        System.exit(status);
    }
}
