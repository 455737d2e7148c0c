/** An entry in a few words, and its icon. Pure but for the editor's icon names. */

import type { Entry, Json, Kind, Usage } from "../protocol.js";

const TITLE = 60;

export type Fields = { [name: string]: Json };

/** What the entry is about, on one line, as the sidecar says it; its kind where there is nothing to say. */
export function summary(entry: Entry): string {
  return entry.about || kindWords(entry.kind);
}

/** A few words for a tab or a heading: `#12 user: please greet by name`. */
export function title(entry: Entry): string {
  return `#${entry.depth} ${cut(summary(entry), TITLE)}`;
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

const FLAGS: Record<NonNullable<Entry["flag"]>, { id: string; color: string }> = {
  denied: { id: "circle-slash", color: "charts.red" },
  ineffective: { id: "warning", color: "charts.red" },
  held: { id: "watch", color: "charts.yellow" },
  failed: { id: "error", color: "charts.orange" },
};

/** The icon of an entry, by the editor's names. */
export function icon(entry: Entry): { id: string; color?: string } {
  if (entry.flag) return FLAGS[entry.flag];
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

const CLOCK = new Intl.DateTimeFormat([], { timeStyle: "medium", hour12: false });
const MOMENT = new Intl.DateTimeFormat([], { dateStyle: "medium", timeStyle: "medium" });

/** The time of day of an RFC 3339 time. A format that is made anew for each costs ten times that. */
export function clock(at: string): string {
  return CLOCK.format(new Date(at));
}

/** The day and the time of day. */
export function moment(at: string): string {
  return MOMENT.format(new Date(at));
}

/** One and many: `1 file`, `3 files`. */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : noun.endsWith("ch") ? "es" : "s"}`;
}

/** The members of a JSON object; none of anything else. */
export function fields(value: Json | undefined): Fields {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? value : {};
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
