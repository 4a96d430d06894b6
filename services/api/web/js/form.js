// SPDX-License-Identifier: EUPL-1.2
// Improves the form, which works without: hides what does not matter for the chosen role, tells whom to call, and sends once.
const form = document.querySelector("form[data-form]");
if (form) {
    const other = document.getElementById("part-applicant");
    const basis = document.getElementById("question-submitter-basis");
    const show = () => {
        const role = form.elements["submitter/role"].value;
        const self = role === "self" || role === "";
        if (other) other.hidden = self;
        if (basis) basis.hidden = self;
    };
    form.addEventListener("change", show);
    show();
    // Presses within a second of each other are one; a later one is meant, for what was sent may have been stopped on its way. The form's key keeps them one case.
    let pressed = -Infinity;
    form.addEventListener("submit", (event) => {
        if (event.timeStamp - pressed < 1000) event.preventDefault();
        else pressed = event.timeStamp;
    });
    window.addEventListener("pageshow", () => (pressed = -Infinity));
}
// Whom to call, of the municipality that is chosen.
const chosen = document.getElementById("municipality");
const help = document.getElementById("help");
chosen?.addEventListener("change", () => {
    const { phone, address, web } = chosen.selectedOptions[0].dataset;
    const lines = [chosen.selectedOptions[0].text, phone && `${chosen.dataset.phone} ${phone}`, address].filter(Boolean);
    help.replaceChildren(...lines.flatMap((line) => [line, document.createElement("br")]));
    if (web) help.append(Object.assign(document.createElement("a"), { href: web, textContent: web }));
    help.hidden = !(phone || address || web);
});
document.getElementById("summary")?.focus();
