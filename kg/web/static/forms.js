// A form that is marked so asks again as soon as a value is changed; a slider tells its value while it moves.
for (const form of document.querySelectorAll("form[data-live]")) {
  form.addEventListener("input", (event) => {
    const output = event.target.parentElement.querySelector("output");
    if (output) output.value = event.target.value;
  });
  form.addEventListener("change", () => form.requestSubmit());
}
