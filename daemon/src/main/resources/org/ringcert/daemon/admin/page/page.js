// Keeps the page up to date: fetches it again every few seconds and replaces the parts that have changed. The page is
// whole without this script.
"use strict";

(() => {
    const INTERVAL_MS = 5000;
    const TIMEOUT_MS = 15000;

    // A large page takes the browser a while. It may use a twentieth of its time.
    const SHARE = 20;

    const node = document.body.dataset.node;
    const connection = document.getElementById("connection");
    let timer = 0;
    let lostSince = null;
    let running = false;

    const parts = (root) => new Map([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));

    const clock = (date) => date.toISOString().slice(11, 19) + "Z";

    const hasSelection = (part) => {
        const selection = document.getSelection();
        return selection !== null && !selection.isCollapsed && selection.intersectsNode?.(part) !== false
            && part.contains(selection.anchorNode);
    };

    // Elements are recognized by what they lead to, because the new ones are other objects.
    const pathOf = (element, part) => {
        const selector = element.localName + (element.getAttribute("href") ? `[href="${CSS.escape(element.getAttribute("href"))}"]` : "");
        return { selector, index: [...part.querySelectorAll(selector)].indexOf(element) };
    };

    const replace = (current, next) => {
        const focused = current.contains(document.activeElement) ? pathOf(document.activeElement, current) : null;
        const box = current.querySelector(".box");
        const scroll = box === null ? null : [box.scrollLeft, box.scrollTop];
        const opened = [...current.querySelectorAll("details")].map((details) => details.open);
        const fresh = document.importNode(next, true);
        current.className = fresh.className;
        current.replaceChildren(...fresh.childNodes);
        current.querySelectorAll("details").forEach((details, index) => {
            details.open = opened[index] ?? details.open;
        });
        if (scroll !== null) {
            current.querySelector(".box")?.scrollTo({ left: scroll[0], top: scroll[1], behavior: "instant" });
        }
        if (focused !== null) {
            current.querySelectorAll(focused.selector)[Math.max(focused.index, 0)]?.focus({ preventScroll: true });
        }
    };

    const show = (text) => {
        const next = new DOMParser().parseFromString(text, "text/html");
        if (next.body.dataset.node === undefined) {
            throw new Error("not a page of Ringcert");
        }
        document.title = next.title;
        const fresh = parts(next);
        for (const [name, part] of parts(document)) {
            const replacement = fresh.get(name);
            if (replacement !== undefined && !part.isEqualNode(replacement) && !hasSelection(part)) {
                replace(part, replacement);
            }
        }
    };

    const answered = () => {
        if (lostSince !== null) {
            lostSince = null;
            connection.textContent = "";
            document.documentElement.classList.remove("lost");
        }
    };

    const lost = () => {
        if (lostSince === null) {
            lostSince = new Date();
            connection.textContent = `${node} has not answered since ${clock(lostSince)}. Below is what it saw before.`;
            document.documentElement.classList.add("lost");
        }
    };

    const refresh = async () => {
        if (running || document.hidden) {
            return;
        }
        running = true;
        const began = performance.now();
        try {
            const response = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
            if (!response.ok) {
                throw new Error(String(response.status));
            }
            show(await response.text());
            answered();
        } catch {
            lost();
        } finally {
            running = false;
            schedule(Math.max(INTERVAL_MS, SHARE * (performance.now() - began)));
        }
    };

    const schedule = (delay) => {
        clearTimeout(timer);
        if (!document.hidden) {
            timer = setTimeout(refresh, delay);
        }
    };

    document.addEventListener("visibilitychange", () => {
        if (document.hidden) {
            clearTimeout(timer);
        } else {
            refresh();
        }
    });

    schedule(INTERVAL_MS);
})();
