"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  const read = (id) => { const part = at(id); return part ? JSON.parse(part.textContent) : null; };
  const index = read("index");
  const HEIGHT = 26;
  const [COMMIT, KIND, EFFECT, AT, WHO, SAID, COST, INTENT] = [0, 1, 2, 3, 4, 5, 6, 7];
  const parts = new Map();
  const list = at("events");
  const rows = at("rows");
  let path = [];      // the events of the branch
  let shown = [];     // those that the filters let through
  let chosen = -1;    // position in shown
  let drawn = "";

  const kept = (id) => {
    if (!parts.has(id)) parts.set(id, read(id));
    return parts.get(id);
  };
  const payloadOf = (event) => kept(`payloads-${Math.floor(event / index.chunk)}`)[event % index.chunk];
  const contentOf = (place) => (place >= 0 ? kept(`content-${place}`) : null);
  const eventsOf = (number) => {
    const branch = index.branches[number];
    return branch.from === null ? branch.events
      : eventsOf(branch.from).slice(0, branch.at).concat(branch.events);
  };
  const element = (name, text, kind) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };
  const button = (text, act) => {
    const made = element("button", text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  };

  // What blobs stand for is put in their place when it is looked at, and not before.
  const whole = (value, deep = 0) => {
    if (Array.isArray(value)) return value.map((part) => whole(part, deep));
    if (value === null || typeof value !== "object") return value;
    const names = Object.keys(value);
    if (names.length === 1 && names[0] === "$blob" && value.$blob in index.blobs && deep < 20) {
      const text = contentOf(index.blobs[value.$blob]);
      if (text === null) return `(blob ${value.$blob}: not in this page)`;
      try { return whole(JSON.parse(text), deep + 1); } catch { return text; }
    }
    return Object.fromEntries(names.map((name) => [name, whole(value[name], deep)]));
  };

  // The list: only the rows that can be seen are there.
  const draw = () => {
    const first = Math.max(0, Math.floor(list.scrollTop / HEIGHT) - 10);
    const last = Math.min(shown.length, Math.ceil((list.scrollTop + list.clientHeight) / HEIGHT) + 10);
    const state = `${first} ${last} ${chosen}`;
    if (state === drawn) return;
    drawn = state;
    const made = document.createDocumentFragment();
    for (let position = first; position < last; position += 1) {
      const event = index.events[shown[position]];
      const row = element("div", undefined, "row");
      row.id = `event-${position}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", String(position === chosen));
      row.setAttribute("aria-posinset", String(position + 1));
      row.setAttribute("aria-setsize", String(shown.length));
      row.style.top = `${position * HEIGHT}px`;
      if (/^(error|denied|exit [1-9])/.test(event[SAID].replace(/^[^:]*: /, ""))) row.classList.add("bad");
      row.append(element("span", event[KIND], "kind"), element("span", event[SAID], "said"));
      if (event[COST]) row.append(element("span", event[COST], "cost"));
      row.addEventListener("click", () => choose(position));
      made.append(row);
    }
    rows.replaceChildren(made);
    if (chosen >= first && chosen < last) list.setAttribute("aria-activedescendant", `event-${chosen}`);
  };

  const filter = () => {
    const wanted = at("kind").value;
    const text = at("find").value.toLowerCase();
    const before = shown[chosen];
    shown = path.filter((number) => {
      const event = index.events[number];
      return (!wanted || event[KIND] === wanted)
        && (!text || event[SAID].toLowerCase().includes(text) || event[COMMIT].startsWith(text));
    });
    rows.style.height = `${shown.length * HEIGHT}px`;
    at("count").textContent = `${shown.length} of ${path.length} events`;
    drawn = "";
    chosen = -1;
    choose(Math.max(0, shown.indexOf(before)));
  };

  const choose = (position) => {
    chosen = Math.min(Math.max(position, 0), shown.length - 1);
    if (chosen >= 0) {
      const top = chosen * HEIGHT;
      if (top < list.scrollTop) list.scrollTop = top;
      else if (top + HEIGHT > list.scrollTop + list.clientHeight) list.scrollTop = top + HEIGHT - list.clientHeight;
    }
    draw();
    detail(chosen >= 0 ? shown[chosen] : null);
  };

  const go = (number) => {
    if (!shown.includes(number)) { at("kind").value = ""; at("find").value = ""; filter(); }
    choose(shown.indexOf(number));
  };

  // One event
  const detail = (number) => {
    if (document.readyState === "loading") return; // what it needs is still being read
    const event = number === null ? null : index.events[number];
    at("what").textContent = event ? `${event[KIND]}: ${event[SAID]}` : "Nothing matches.";
    const facts = event ? {
      by: event[WHO],
      at: event[AT] ? new Date(event[AT]).toLocaleString() : "",
      effect: event[EFFECT],
      cost: event[COST],
      commit: event[COMMIT],
    } : {};
    at("facts").replaceChildren(...Object.entries(facts).filter(([, said]) => said)
      .flatMap(([name, said]) => [element("dt", name), element("dd", said)]));
    const links = [];
    if (event && event[INTENT] !== null) links.push(button("its call", () => go(event[INTENT])));
    const outcome = event ? path.find((one) => index.events[one][INTENT] === number) : undefined;
    if (outcome !== undefined) links.push(button("what came of it", () => go(outcome)));
    at("links").replaceChildren(...links.flatMap((link) => [link, " "]));
    const payload = event ? payloadOf(number) : "";
    at("payload").textContent = typeof payload === "string" ? payload : JSON.stringify(whole(payload), null, 2);
    const changes = event ? index.files[number] : undefined;
    at("changed").hidden = !changes;
    const item = (name, place, before) => {
      const made = element("li");
      if (place === null) made.append(`${name} (removed)`);
      else if (place < 0) made.append(`${name} (not in this page)`);
      else made.append(button(name, () => file(name, place, before)));
      return made;
    };
    const earlier = () => worldAt(number, false);
    at("changes").replaceChildren(...Object.entries(changes || {}).slice(0, 500)
      .map(([name, place]) => item(name, place, () => earlier().get(name))));
    at("file").hidden = true;
    const world = at("world");
    world.open = false;
    world.hidden = event === null;
    world.ontoggle = () => {
      if (!world.open) return;
      at("files").replaceChildren(...[...worldAt(number, true)].sort(([a], [b]) => (a < b ? -1 : 1))
        .slice(0, 5000).map(([name, place]) => item(name, place)));
    };
  };

  // The files after an event of this branch (or before it): changes, from the first on.
  const worldAt = (number, after) => {
    const world = new Map();
    for (const one of path) {
      if (one === number && !after) break;
      for (const [name, place] of Object.entries(index.files[one] || {})) {
        if (place === null) world.delete(name); else world.set(name, place);
      }
      if (one === number) break;
    }
    return world;
  };

  const file = (name, place, before) => {
    const lines = contentOf(place).split("\n");
    const was = before ? before() : undefined;
    const old = was !== undefined && was >= 0 ? contentOf(was).split("\n") : null;
    let head = 0;
    let tail = 0;
    if (old) {
      while (head < lines.length && head < old.length && lines[head] === old[head]) head += 1;
      while (tail < Math.min(lines.length, old.length) - head
        && lines[lines.length - 1 - tail] === old[old.length - 1 - tail]) tail += 1;
    }
    at("path").textContent = name;
    const shownAs = [];
    if (old) {
      shownAs.push(lines.slice(0, head).map((line) => `${line}\n`).join(""));
      const middle = lines.slice(head, lines.length - tail);
      if (middle.length) shownAs.push(element("mark", middle.join("\n")));
      shownAs.push(lines.slice(lines.length - tail).join("\n"));
    } else shownAs.push(lines.join("\n"));
    at("content").replaceChildren(...shownAs);
    at("file").hidden = false;
    at("content").scrollIntoView({ block: "nearest" });
  };

  // Keys and controls
  list.addEventListener("keydown", (key) => {
    const page = Math.max(1, Math.floor(list.clientHeight / HEIGHT) - 1);
    const moves = {
      ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity,
    };
    if (key.key in moves) { choose(chosen + moves[key.key]); key.preventDefault(); }
    if (key.key === "Enter") { at("detail").focus(); key.preventDefault(); }
  });
  document.addEventListener("keydown", (key) => {
    const typing = /^(INPUT|SELECT)$/.test(document.activeElement.tagName);
    if (key.key === "/" && !typing) { at("find").focus(); key.preventDefault(); }
    if (key.key === "Escape") { list.focus(); key.preventDefault(); } // a search box would empty itself unheard
  });
  list.addEventListener("scroll", () => requestAnimationFrame(draw), { passive: true });
  addEventListener("resize", () => { drawn = ""; draw(); });
  at("kind").addEventListener("change", filter);
  at("find").addEventListener("input", filter);
  at("branch").addEventListener("change", () => { path = eventsOf(Number(at("branch").value)); filter(); });

  const { run } = index;
  at("title").textContent = run.name;
  const about = [run.agent && run.agent.name, `began ${new Date(run.started).toLocaleString()}`,
    run.workspace && `on ${run.workspace}`, index.leftOut && `${index.leftOut} large or binary parts are not in this page`];
  at("about").textContent = about.filter(Boolean).join(" · ");
  index.branches.forEach((branch, number) => {
    const option = element("option", `${branch.name} (${branch.status})`);
    option.value = String(number);
    at("branch").append(option);
  });
  for (const kind of [...new Set(index.events.map((event) => event[KIND]))]) at("kind").append(element("option", kind));
  path = index.branches.length ? eventsOf(0) : [];
  filter();
  list.focus();
  document.addEventListener("DOMContentLoaded", () => detail(chosen >= 0 ? shown[chosen] : null));
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
})();
