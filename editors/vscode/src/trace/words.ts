/** An entry in a few words, and its icon. Pure but for the editor's icon names. */

import type { Entry, Json, Kind, Usage } from "../protocol.js";

const LONGEST = 160;
const LOOKED_AT = 4000;
const TITLE = 60;
const TEXTS = ["text", "content", "message", "thinking", "output", "result", "value", "error", "label"];

const ABOUT = ["command", "path", "file_path", "file", "url", "query", "pattern"];

type Fields = { [name: string]: Json };

/** What the entry is about, on one line. `tool` is the tool that an outcome answers for. */
export function summary(entry: Entry, tool?: string): string {
  if (entry.forgotten) return "(forgotten)";
  const prefix = tool ? `${tool}: ` : "";
  if (entry.payload === undefined) return `${prefix}${bytes(entry.payloadSize ?? 0)}`;
  return oneLine(prefix + said(entry.kind, fields(entry.payload)));
}

/** A few words for a tab or a heading: `#12 user: please greet by name`. */
export function title(entry: Entry): string {
  return `#${entry.depth} ${cut(summary(entry) || kindWords(entry.kind), TITLE)}`;
}

/** The name of the tool that an intent calls. */
export function toolOf(entry: Entry): string | undefined {
  const name = entry.kind === "tool_call" ? fields(entry.payload)["name"] : undefined;
  return typeof name === "string" ? name : undefined;
}

/** How it came out: what colours its icon. */
export function mark(entry: Entry): "denied" | "failed" | "veto" | "held" | undefined {
  const payload = fields(entry.payload);
  if (entry.kind === "intervention") {
    if (payload["action"] === "vetoIneffective") return "veto";
    if (payload["action"] === "hold" || payload["decision"] === "hold") return "held";
    return payload["decision"] === "deny" ? "denied" : undefined;
  }
  if (payload["status"] === "denied") return "denied";
  if (payload["status"] === "error" || payload["status"] === "failed") return "failed";
  const code = fields(payload["result"])["exitCode"];
  return typeof code === "number" && code !== 0 ? "failed" : undefined;
}

const ICONS: Record<Kind, string> = {
  run_start: "play-circle",
  message: "comment",
  thought: "lightbulb",
  model_call: "sparkle",
  model_result: "sparkle",
  tool_call: "tools",
  tool_result: "output",
  observation: "eye",
  workspace_change: "file",
  intervention: "shield",
  annotation: "note",
  run_end: "stop-circle",
};

/** The icon of an entry, by the editor's names. */
export function icon(entry: Entry): { id: string; color?: string } {
  const marked = mark(entry);
  if (marked === "denied") return { id: "circle-slash", color: "charts.red" };
  if (marked === "veto") return { id: "warning", color: "charts.red" };
  if (marked === "held") return { id: "watch", color: "charts.yellow" };
  if (marked === "failed") return { id: "error", color: "charts.orange" };
  return entry.kind === "intervention" ? { id: ICONS[entry.kind], color: "charts.blue" } : { id: ICONS[entry.kind] };
}

/** A kind in words: `tool_call` is `tool call`. */
export function kindWords(kind: Kind): string {
  return kind.replace("_", " ");
}

/** What a step cost: time, tokens, money. */
export function cost(usage: Usage | undefined): string {
  if (!usage) return "";
  const tokens = (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0);
  return [
    usage.durationMs == null ? "" : duration(usage.durationMs),
    tokens ? `${tokens.toLocaleString("en")} tokens` : "",
    usage.costUsd == null ? "" : money(usage.costUsd),
  ]
    .filter(Boolean)
    .join(" · ");
}

/** Dollars, with more digits when it is little. */
export function money(dollars: number): string {
  return `$${dollars.toFixed(dollars !== 0 && Math.abs(dollars) < 0.1 ? 4 : 2)}`;
}

/** A size in bytes, for people. */
export function bytes(count: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let unit = 0;
  for (; count >= 1000 && unit < units.length - 1; unit++) count /= 1000;
  return `${count >= 100 || unit === 0 ? Math.round(count) : count.toFixed(1)} ${units[unit]}`;
}

/** Milliseconds, for people. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  return minutes < 60 ? `${minutes} min ${Math.round((ms % 60_000) / 1000)} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** One and many: `1 file`, `3 files`. */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : noun.endsWith("ch") ? "es" : "s"}`;
}

/** The members of a JSON object; none of anything else. */
export function fields(value: Json | undefined): Fields {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? value : {};
}

/** A call as a person would write it, all of it on one line: `$ ls src`, or `read_file path=a.py`. */
export function call(payload: Fields): string {
  return harmless(wholeCall(payload));
}

function wholeCall(payload: Fields): string {
  const given = payload["arguments"] ?? {};
  const argv = fields(given)["argv"];
  if (Array.isArray(argv)) return `$ ${line(argv.map(String))}`;
  return `${String(payload["name"])} ${args(given)}`.trim();
}

/** A command line; of a shell that is given a script, the script. */
function line(argv: string[]): string {
  const [shell, flag, script] = argv;
  if (argv.length === 3 && /(^|\/)(ba|da|z)?sh$/.test(shell ?? "") && /^-l?c$/.test(flag ?? "")) return script ?? "";
  return argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(" ");
}

function args(value: Json): string {
  const named = fields(value);
  const names = Object.keys(named).sort((a, b) => rank(a) - rank(b));
  const only = named[names[0] ?? ""];
  if (names.length === 1 && typeof only === "string") return only;
  return names.map((name) => `${name}=${plain(named[name] ?? null)}`).join(" ");
}

/** What an action is about comes first, however its arguments are ordered. */
function rank(name: string): number {
  const found = ABOUT.indexOf(name);
  return found < 0 ? ABOUT.length : found;
}

function plain(value: Json): string {
  return typeof value === "string" && !/[\s"'=]/.test(value) && value ? value : JSON.stringify(value);
}

/** The text inside a value of whatever shape. */
function words(value: Json | undefined): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(words).filter(Boolean).join(" ");
  if (typeof value !== "object") return String(value);
  if (typeof value["name"] === "string" && typeof value["type"] === "string") return `[${value["name"]}]`;
  const found = TEXTS.map((name) => words(value[name])).find(Boolean);
  return found ?? args(value);
}

function said(kind: Kind, payload: Fields): string {
  switch (kind) {
    case "tool_call":
      return call(payload);
    case "model_call": {
      const messages = payload["messages"];
      return `${String(payload["model"] ?? "a model")}${Array.isArray(messages) ? `, ${plural(messages.length, "message")}` : ""}`;
    }
    case "message": {
      const { role, ...rest } = payload;
      return `${typeof role === "string" ? `${role}: ` : ""}${words(rest)}`;
    }
    case "tool_result":
    case "model_result":
      return outcome(payload);
    case "run_start":
      return words(payload["name"]);
    case "run_end":
      return `${words(payload["status"])} ${words(payload["payload"])}`.trim();
    case "workspace_change": {
      const changed = payload["changed"];
      return Array.isArray(changed) ? `${plural(changed.length, "path")}: ${changed.slice(0, 8).join(", ")}` : words(payload);
    }
    case "intervention": {
      const did = payload["action"] === "verdict" ? payload["decision"] : payload["action"];
      const why = words(payload["reason"]) || words(payload["why"]) || words(payload["message"]);
      return `${words(did)}${payload["by"] ? ` by ${words(payload["by"])}` : ""}${why ? `: ${why}` : ""}`;
    }
    default:
      return words(payload);
  }
}

function outcome(payload: Fields): string {
  if (payload["status"] === "denied") return `denied by ${words(payload["by"])}: ${words(payload["reason"])}`;
  const result = fields(payload["result"]);
  const code = result["exitCode"];
  if (typeof code === "number") {
    const out = words(result["stdout"]).trim();
    const err = words(result["stderr"]).trim();
    return code === 0 ? out || err || "exit 0" : `exit ${code} ${err || out}`.trim();
  }
  const text = words(payload["result"]);
  return payload["status"] === "ok" ? text || "ok" : `${words(payload["status"])} ${text}`;
}

function oneLine(text: string): string {
  return cut(harmless(text.slice(0, LOOKED_AT)), LONGEST);
}

/** One line, in which no control character hides or turns around what stands there. */
function harmless(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, visible);
}

function visible(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
