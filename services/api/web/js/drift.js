// SPDX-License-Identifier: EUPL-1.2
// Fetches the page again every two seconds and swaps its main part.
const again = async () => {
    try {
        const answer = await fetch(location.href, { cache: "no-store" });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.querySelector("main");
        if (answer.ok && fresh) document.querySelector("main").replaceChildren(...fresh.childNodes);
    } finally {
        setTimeout(again, 2000);
    }
};
setTimeout(again, 2000);
