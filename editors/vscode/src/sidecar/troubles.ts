/** What went wrong, as a plain sentence and a next step. Pure but for the commands it names. */

import { ErrorCode, type ErrorData, type ErrorName } from "../protocol.js";

/** A sentence for people, with what they can do about it. */
export interface Trouble {
  message: string;
  /** Commands offered beside it. */
  next: readonly { title: string; command: string }[];
}

const INSTALL = { title: "Install It", command: "shepherd.install" };
const CHOOSE = { title: "Choose Where It Is…", command: "shepherd.choosePath" };
const RESTART = { title: "Start It Again", command: "shepherd.restartServer" };
const LOGS = { title: "Show Sidecar Logs", command: "shepherd.showServerLogs" };

/** No program anywhere. */
export const MISSING: Trouble = {
  message: "The program shepherd-sidecar was not found. Install it, or say where it is.",
  next: [INSTALL, CHOOSE],
};

/** The person does not trust the folder. */
export const UNTRUSTED: Trouble = {
  message: "This folder is not trusted: no trace in it is opened, and nothing is started for it.",
  next: [{ title: "Manage Trust", command: "workbench.trust.manage" }],
};

/** What the setting names is not there. */
export function notThere(program: string): Trouble {
  return {
    message: `The setting shepherd.path names ${program}, and no program is there. Correct it, or empty it to have one looked for.`,
    next: [CHOOSE, { title: "Open Settings", command: "shepherd.openSettings" }],
  };
}

/** It could not be started, or said something that a sidecar does not say. */
export function notASidecar(program: string, why: string): Trouble {
  return {
    message: `${program} does not answer as shepherd-sidecar does (${why}). Choose another, or install it.`,
    next: [CHOOSE, INSTALL, LOGS],
  };
}

/** It speaks another version of the protocol. */
export function wrongVersion(program: string, wanted: number, spoken: string): Trouble {
  return {
    message: `${program} speaks protocol version ${spoken}; this extension speaks ${wanted}. Update the older of the two.`,
    next: [{ title: "Install the Matching One", command: "shepherd.install" }, CHOOSE],
  };
}

/** It ended again and again. */
export function crashed(times: string): Trouble {
  return {
    message: `The sidecar ended unexpectedly ${times}. Nothing that was recorded is lost; its log says why.`,
    next: [LOGS, RESTART],
  };
}

/** The stable name of an error that the sidecar answered. */
export function nameOf(error: unknown): ErrorName | undefined {
  return dataOf(error)?.name;
}

/** The `data` of an error that the sidecar answered. */
export function dataOf(error: unknown): ErrorData | undefined {
  const data = (error as { data?: ErrorData } | null)?.data;
  return data && typeof data === "object" && data.name in ErrorCode ? data : undefined;
}

const INSTEAD: Partial<Record<ErrorName, string>> = {
  NoWorld: "This branch has no live folder to restore. Fork it at this event: the fork gets one.",
  BranchClosed: "This branch has ended or was discarded. Fork it to go on.",
  StoreLocked: "Another process is writing to the store just now. Try again in a moment.",
  IntentAlreadyResolved: "This intent is decided already: somebody else was faster, or its time was up.",
  IrreversibleReplay: "The replay would repeat something that cannot be undone, and did not.",
};

/** What to tell of a failed action. */
export function sentence(error: unknown): string {
  const data = dataOf(error);
  if (data) {
    const message = (error as Error).message.replace(/[.\s]+$/, "");
    return INSTEAD[data.name] ?? `${capital(message)}. ${capital(data.hint)}.`;
  }
  return capital(error instanceof Error ? error.message : String(error));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
