// The text of a query with colours, completion of the project's terms in both languages, and Ctrl-Enter to run it.
import * as CM from "../codemirror/index.js";

const area = document.getElementById("text");
const form = document.getElementById("ask");
const offered = fetch(area.dataset.terms).then((answer) => (answer.ok ? answer.json() : []));

async function complete(context) {
  const word = context.matchBefore(/[\w:\u4e00-\u9fff-]+/);
  if (!word && !context.explicit) return null;
  const typed = (word ? word.text : "").toLowerCase();
  const terms = await offered;
  const options = terms
    .filter((term) => !typed || term.label.toLowerCase().includes(typed) || term.detail.toLowerCase().includes(typed))
    .slice(0, 200);
  // What is typed in Chinese is found in the label and replaced by the term.
  return options.length ? { from: word ? word.from : context.pos, options, filter: false } : null;
}

const sparql = CM.languages.find((language) => language.name === "SPARQL");
const view = new CM.EditorView({
  doc: area.value,
  parent: area.parentElement,
  extensions: [
    CM.keymap.of([{ key: "Mod-Enter", run: () => (form.requestSubmit(), true) }]),
    CM.basicSetup,
    CM.EditorView.lineWrapping,
    CM.EditorView.contentAttributes.of({ "aria-label": "SPARQL", "aria-multiline": "true" }),
    CM.EditorState.languageData.of(() => [{ autocomplete: complete }]),
    sparql ? await sparql.load() : [],
  ],
});
area.hidden = true;
area.dataset.ready = "true";
form.addEventListener("submit", () => (area.value = view.state.doc.toString()));
