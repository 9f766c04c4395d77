"use strict";
// Shows the report that stands in this page. What containers wrote is hostile: it becomes text nodes and attribute values of fixed
// names, never markup.
(() => {
  const RESULTS = new Map([
    ["holds", { symbol: "✓", kind: "holds" }],
    ["holds differently", { symbol: "≈", kind: "differently" }],
    ["falls short", { symbol: "✗", kind: "short" }],
    ["error", { symbol: "!", kind: "error" }],
    // Not U+23F1, the stopwatch: many text fonts lack it.
    ["time limit", { symbol: "◷", kind: "time" }],
  ]);

  const byId = id => document.getElementById(id);
  const report = parseExactly(byId("report").textContent);
  const dialog = byId("cell");
  const cells = new Map(report.cells.map(cell => [keyOf(namesOf(cell)), { cell, button: null }]));
  const specs = new Map(report.specs.map(spec => [keyOf([spec.runtime, spec.config, spec.bundle]), spec.spec]));
  let shown = null;

  // ---- values

  // JSON.parse rounds integers beyond 2^53, which limits of a config.json are; those are kept as the text that they are.
  function parseExactly(json) {
    return JSON.parse(json.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g,
      token => /^-?\d{16,}$/.test(token) ? `"\\u0000${token}"` : token));
  }

  function pretty(value) {
    return JSON.stringify(value, null, 2).replace(/"\\u0000(-?\d+)"/g, "$1");
  }

  function namesOf(cell) {
    return [cell.runtime, cell.config, cell.bundle, cell.probe];
  }

  function keyOf(names) {
    return JSON.stringify(names);
  }

  function fragmentOf(cell) {
    return "#" + namesOf(cell).map(encodeURIComponent).join("/");
  }

  function duration(seconds) {
    if (seconds < 1)
      return `${Math.round(seconds * 1000)} ms`;
    return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  }

  function counted(number, one, many) {
    return `${number} ${number === 1 ? one : many}`;
  }

  // Characters that do not show, or that turn the order of others round, are spelt out: evidence must not be able to hide.
  function visible(text) {
    return String(text).replace(/[^\P{C}\n\t]|[\p{Zl}\p{Zp}]/gu,
      sign => `\\u{${sign.codePointAt(0).toString(16).padStart(4, "0")}}`);
  }

  // ---- elements

  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [attribute, value] of Object.entries(attributes ?? {}))
      made.setAttribute(attribute, value);
    made.append(...children.filter(child => child !== null).map(child => child instanceof Node ? child : visible(child)));
    return made;
  }

  // A result as a symbol and words; never by its colour alone.
  function badge(name, attributes, cell) {
    const { symbol, kind } = RESULTS.get(cell.result);
    const word = !cell.asExpected ? "unexpected" : cell.result === "holds" ? null : "expected";
    return element(name, { ...attributes, "data-result": kind, "data-expected": String(cell.asExpected) },
      element("span", { class: "symbol", "aria-hidden": "true" }, symbol),
      element("span", { class: "result" }, cell.result),
      word && element("span", { class: "word" }, word));
  }

  // ---- the head

  function head() {
    const { host, cells: all, unexpected } = report;
    document.title = visible(`Runtime matrix: ${report.file}`);
    byId("file").textContent = visible(report.file);
    byId("verdict").dataset.good = String(unexpected === 0);
    byId("verdict").textContent = unexpected === 0
      ? `✓ ${all.length === 1 ? "The one cell is" : `All ${all.length} cells are`} as expected`
      : `✗ ${unexpected} of ${counted(all.length, "cell", "cells")} unexpected`;

    const ratio = report.seconds > 0 ? `, ${(report.cellSeconds / report.seconds).toFixed(1)} times that` : "";
    fact("Cells", `${all.length}: ${all.length - unexpected} as expected, ${unexpected} unexpected`);
    fact("Time", `${duration(report.seconds)}; its cells sum to ${duration(report.cellSeconds)}${ratio}, ${report.jobs} at once`);
    fact("Host", `Linux ${host.kernel} ${host.architecture}, cgroups ${host.cgroups}, ${counted(host.processors, "processor", "processors")}`);
    fact("Runtimes", ...report.runtimes.map(runtime =>
      `${runtime.name}: ${runtime.version} (${[runtime.path, ...runtime.arguments].join(" ")})`));
    fact("Began", new Date(report.started).toISOString().replace("T", " ").replace(/\.\d+Z$/, " UTC"));

    byId("legend").append(...[...RESULTS.keys()].map(result => {
      const { symbol, kind } = RESULTS.get(result);
      return element("li", { "data-result": kind },
        element("span", { class: "symbol", "aria-hidden": "true" }, symbol), ` ${result} `,
        element("b", null, all.filter(cell => cell.result === result).length));
    }));
  }

  function fact(name, ...lines) {
    byId("facts").append(element("div", null, element("dt", null, name), ...lines.map(line => element("dd", null, line))));
  }

  // ---- the grids

  function grid(config, bundle, number) {
    const rows = report.probes
      .map(probe => ({ probe, entries: report.runtimes.map(runtime => cells.get(keyOf([runtime.name, config, bundle, probe]))) }))
      .filter(row => row.entries.some(entry => entry));
    if (rows.length === 0)
      return null;

    const title = element("h2", { id: `grid-${number}` }, config,
      report.bundles.length > 1 ? element("span", null, ` on ${bundle}`) : null);
    const columns = element("tr", null, element("th", { scope: "col" }, "probe"),
      ...report.runtimes.map(runtime => element("th", { scope: "col" }, runtime.name)));
    const table = element("table", { role: "grid", "aria-labelledby": title.id },
      element("thead", null, columns), element("tbody", null, ...rows.map(gridRow)));
    table.addEventListener("keydown", walk);
    table.addEventListener("focusin", event => rove(table, event.target));

    const differing = rows.filter(differs).length;
    return element("section", { "aria-labelledby": title.id }, element("header", null, title,
      element("p", null, `${counted(rows.length, "probe", "probes")}, the runtimes differ in ${differing || "none"}`)),
      element("div", { class: "box" }, table));
  }

  function differs(row) {
    return new Set(row.entries.filter(entry => entry).map(entry => entry.cell.result)).size > 1;
  }

  function gridRow(row) {
    const differing = differs(row);
    const unexpected = row.entries.some(entry => entry && !entry.cell.asExpected);
    return element("tr", { "data-differences": String(differing), "data-unexpected": String(unexpected) },
      element("th", { scope: "row" }, element("span", { class: "probe" }, ...breakable(row.probe)),
        differing ? element("span", { class: "differs" }, "≠ differs") : null),
      ...row.entries.map(gridCell));
  }

  // A long name may break after a sign rather than within a word.
  function breakable(name) {
    return name.split(/(?<=[_./-])/).flatMap((piece, index) => index === 0 ? [piece] : [element("wbr"), piece]);
  }

  function gridCell(entry) {
    if (!entry)
      return element("td", { class: "missing" }, element("span", { "aria-hidden": "true" }, "–"),
        element("span", { class: "unseen" }, "not run"));
    entry.button = badge("button", { type: "button", class: "cell", tabindex: "-1", "aria-haspopup": "dialog" }, entry.cell);
    entry.button.addEventListener("click", () => open(entry));
    return element("td", null, entry.button);
  }

  // ---- the keyboard: a grid is one stop of the Tab key, the arrows move in it

  function rove(table, button) {
    for (const other of table.querySelectorAll("button[tabindex='0']"))
      other.tabIndex = -1;
    if (button)
      button.tabIndex = 0;
  }

  function walk(event) {
    const at = event.target.closest("td");
    if (!at || event.altKey || event.metaKey || event.shiftKey)
      return;

    const rows = [...event.currentTarget.tBodies[0].rows].filter(row => !row.hidden);
    const row = rows.indexOf(at.parentElement), column = at.cellIndex, last = report.runtimes.length;
    // From where, and in which direction, the next cell that has run is looked for.
    const search = event.ctrlKey
      ? { Home: [0, 1, 0, 1], End: [rows.length - 1, last, 0, -1] }
      : {
        ArrowLeft: [row, column - 1, 0, -1], ArrowRight: [row, column + 1, 0, 1],
        ArrowUp: [row - 1, column, -1, 0], ArrowDown: [row + 1, column, 1, 0],
        Home: [row, 1, 0, 1], End: [row, last, 0, -1],
      };
    if (!Object.hasOwn(search, event.key))
      return;

    event.preventDefault();
    let [r, c, down, right] = search[event.key];
    for (; rows[r] && c >= 1 && c <= last; r += down, c += right) {
      const button = rows[r].cells[c].querySelector("button");
      if (button) {
        button.focus();
        return;
      }
    }
  }

  // ---- the filter

  function filter(which) {
    const rows = [...document.querySelectorAll("#grids tbody tr")];
    for (const row of rows)
      row.hidden = which !== "all" && row.dataset[which] !== "true";
    for (const section of byId("grids").children) {
      section.hidden = section.querySelector("tbody tr:not([hidden])") === null;
      if (!section.querySelector("tr:not([hidden]) button[tabindex='0']"))
        rove(section.querySelector("table"), section.querySelector("tr:not([hidden]) button"));
    }
    const left = rows.filter(row => !row.hidden).length;
    byId("status").textContent = which === "all" ? ""
      : left > 0 ? `${left} of ${counted(rows.length, "row", "rows")} shown`
      : which === "unexpected" ? "Nothing is unexpected" : "The runtimes differ nowhere";
  }

  // ---- one cell

  function open(entry) {
    shown = entry;
    const { cell } = entry;
    byId("cell-title").textContent = visible(cell.probe);
    byId("cell-key").replaceChildren(element("a", { href: fragmentOf(cell) }, namesOf(cell).join("/")));
    byId("cell-body").replaceChildren(...details(cell).filter(part => part));
    if (!dialog.open)
      dialog.showModal();
    dialog.scrollTop = 0;
    if (location.hash !== fragmentOf(cell))
      location.hash = fragmentOf(cell);
  }

  function details(cell) {
    const runtime = report.runtimes.find(({ name }) => name === cell.runtime);
    const config = report.configs.find(({ name }) => name === cell.config);
    const spec = specs.get(keyOf([cell.runtime, cell.config, cell.bundle]));
    return [
      element("p", { class: "outcome" }, badge("span", { class: "badge" }, cell), element("span", null, `expected: ${cell.expected}`)),
      part("Reason", cell.reason && element("p", null, cell.reason)),
      part("Wish", element("p", null, cell.wish)),
      part("Falls short", list(cell.shortfalls)),
      part("Notes", list(cell.notes)),
      part("Evidence", list(cell.evidence)),
      part("Command", cell.command && block(cell.command.map(quoted).join(" "))),
      part("Exit status", cell.exitStatus !== undefined && element("p", null, cell.exitStatus)),
      part("Output", cell.output !== undefined && (cell.output === "" ? element("p", { class: "faint" }, "empty") : block(cell.output))),
      part("Errors", cell.errors && block(cell.errors)),
      part("Same probe and config", siblings(cell)),
      part("Ran", element("p", null, `${duration(cell.seconds)} under ${runtime?.version ?? cell.runtime}`)),
      config && folded("Security config", indented(config.text)),
      spec !== undefined && folded("config.json", pretty(spec)),
    ];
  }

  // As the other runtimes did, so that a difference can be read without closing.
  function siblings(cell) {
    const others = report.cells.filter(other => other !== cell
      && other.config === cell.config && other.bundle === cell.bundle && other.probe === cell.probe);
    return others.length > 0 && element("ul", { class: "siblings" }, ...others.map(other =>
      element("li", null, element("a", { href: fragmentOf(other) }, other.runtime), " ", badge("span", { class: "badge" }, other))));
  }

  function part(title, content) {
    return content ? element("section", { "data-part": title }, element("h3", null, title), content) : null;
  }

  function list(lines) {
    return lines?.length > 0 ? element("ul", null, ...lines.map(line => element("li", null, line))) : null;
  }

  // Long lines scroll in their box; a box that scrolls has to be within reach of the keyboard.
  function block(text) {
    return element("pre", { tabindex: "0" }, text);
  }

  function folded(title, text) {
    return element("details", { "data-part": title }, element("summary", null, title), block(text));
  }

  function indented(json) {
    try {
      return pretty(parseExactly(json));
    } catch (error) {
      if (error instanceof SyntaxError)
        return json;
      throw error;
    }
  }

  function quoted(argument) {
    return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
  }

  // The address names the open cell, so a link leads to it and the back button closes it.
  function followFragment() {
    if (location.hash.length < 2) {
      dialog.close();
      return;
    }
    const entry = cells.get(keyOf(namesIn(location.hash)));
    if (!entry) {
      dialog.close();
      byId("status").textContent = "This matrix has no cell of that address";
      return;
    }
    if (entry.button.closest("tr").hidden) {
      document.querySelector("#filter input[value=all]").checked = true;
      filter("all");
    }
    if (shown !== entry)
      open(entry);
  }

  function namesIn(fragment) {
    try {
      return fragment.slice(1).split("/").map(decodeURIComponent);
    } catch (error) {
      if (error instanceof URIError)
        return [];
      throw error;
    }
  }

  dialog.addEventListener("close", () => {
    const { button } = shown;
    shown = null;
    if (location.hash.length > 1)
      history.replaceState(null, "", location.pathname + location.search);
    button.focus();
  });
  dialog.addEventListener("click", event => {
    if (event.target === dialog)
      dialog.close();
  });
  byId("close").addEventListener("click", () => dialog.close());
  byId("filter").addEventListener("change", event => filter(event.target.value));
  addEventListener("hashchange", followFragment);

  head();
  let number = 0;
  for (const config of report.configs)
    for (const bundle of report.bundles) {
      const section = grid(config.name, bundle, number++);
      if (section)
        byId("grids").append(section);
    }

  // A grid that fits lets its column heads stick to the window; one that does not scrolls in its box.
  const sizes = new ResizeObserver(entries => {
    for (const { target } of entries)
      target.classList.toggle("fits", target.firstElementChild.offsetWidth <= target.clientWidth);
  });
  for (const box of document.querySelectorAll(".box"))
    sizes.observe(box);

  byId("tools").hidden = false;
  filter("all");
  followFragment();
})();
