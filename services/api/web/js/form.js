// SPDX-License-Identifier: EUPL-1.2
// Improves the form, which works without: hides what does not matter for the chosen role, and sends once.
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
    form.addEventListener("submit", (event) => {
        if (form.dataset.sent) event.preventDefault();
        form.dataset.sent = "yes";
    });
    window.addEventListener("pageshow", () => delete form.dataset.sent);
}
document.getElementById("summary")?.focus();
