// SPDX-License-Identifier: EUPL-1.2
// Fetches the page again every two seconds and swaps its main part; while it can't, the page says that it is old. Who is logged out is taken to the login.
const again = async () => {
    try {
        const answer = await fetch(location.href, { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(10000) });
        if (answer.type === "opaqueredirect") return location.reload();
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.querySelector("main");
        if (!answer.ok || !fresh) throw new Error("no page");
        const main = document.querySelector("main");
        const inUse = main !== document.activeElement && main.contains(document.activeElement); // who reads by keyboard is not moved
        if (!inUse) {
            const along = [...main.querySelectorAll(".scroll")].map((region) => region.scrollLeft);
            main.replaceChildren(...fresh.childNodes);
            main.querySelectorAll(".scroll").forEach((region, i) => { region.scrollLeft = along[i] ?? 0; });
        }
    } catch {
        const stale = document.getElementById("stale");
        if (stale) stale.hidden = false;
    }
    setTimeout(again, 2000);
};
setTimeout(again, 2000);
