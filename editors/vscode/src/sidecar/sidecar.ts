/**
 * The sidecar's life in this window: started for a store, started again with growing waits when
 * it crashes, stopped with the window. The rest of the extension sees its state and `request`.
 */

import * as vscode from "vscode";
import type { LanguageClient, LanguageClientOptions } from "vscode-languageclient/node";

import { type Capabilities, type DidCommit, type Methods, PROTOCOL_VERSION } from "../protocol.js";
import { Backoff } from "./backoff.js";
import { findProgram, findStore, runs } from "./locate.js";
import { crashed, dataOf, MISSING, nameOf, notASidecar, notThere, type Trouble, UNTRUSTED, wrongVersion } from "./troubles.js";

/**
 * What the window knows of its sidecar. `none`: there is no store to serve yet. `untrusted`: the
 * person does not trust the folder, whose store may hold anything: it is not opened.
 */
export type State = "none" | "nofolder" | "untrusted" | "missing" | "starting" | "running" | "waiting" | "failed";

/** The editor's settings that the sidecar wants to know of. */
const TOLD = ["codeLens", "inlayHints", "diagnostics"] as const;

/** The client's library is most of the extension: it is loaded when there is a store to serve. */
const library = (): Promise<typeof import("vscode-languageclient/node")> => import("vscode-languageclient/node");

/** One window's sidecar. */
export class Sidecar implements vscode.Disposable {
  state: State = "none";
  trouble: Trouble | undefined;
  capabilities: Capabilities | undefined;
  program: string | undefined;
  store: string | undefined;
  readonly #changed = new vscode.EventEmitter<State>();
  readonly #pushed = new vscode.EventEmitter<DidCommit>();
  readonly #backoff = new Backoff();
  #client: LanguageClient | undefined;
  #again: NodeJS.Timeout | undefined;
  #life = 0;

  /** After every change of `state`. */
  readonly onDidChange = this.#changed.event;
  /** Commits that are pushed, of whatever subscription. */
  readonly onDidCommit = this.#pushed.event;

  constructor(
    private readonly context: vscode.ExtensionContext,
    readonly log: vscode.LogOutputChannel,
    readonly serverLog: vscode.LogOutputChannel,
  ) {}

  /** Serve the store of this window, or one that is to be made. Never throws. */
  async start(store: string | undefined = findStore()): Promise<void> {
    clearTimeout(this.#again);
    const life = ++this.#life;
    await this.#drop();
    if (!vscode.workspace.isTrusted) {
      this.store = undefined;
      this.#become("untrusted", UNTRUSTED);
      return;
    }
    this.store = store;
    this.program = findProgram(this.context);
    void vscode.commands.executeCommand("setContext", "shepherd.found", this.program !== undefined && runs(this.program));
    if (store === undefined) {
      this.#become(vscode.workspace.workspaceFolders?.length ? "none" : "nofolder");
      return;
    }
    if (this.program === undefined) {
      this.#become("missing", MISSING);
      return;
    }
    if (!runs(this.program)) {
      this.#become("failed", notThere(this.program));
      return;
    }
    this.#become("starting");
    try {
      const client = await this.#make(this.program, store, life);
      if (life !== this.#life) return;
      this.#client = client;
      await client.start();
      const told: unknown = client.initializeResult?.capabilities.experimental?.shepherd;
      if (life !== this.#life) return;
      if (!told) throw new Error("it is some other language server");
      this.capabilities = told as Capabilities;
      this.log.info(`serving ${store} with ${this.program}`);
      this.#become("running");
    } catch (error) {
      if (life === this.#life && this.state === "starting") this.#refused(error);
    }
  }

  /** Start anew because a person asked. */
  restart(): Promise<void> {
    this.#backoff.reset();
    return this.start(this.store ?? findStore());
  }

  /** Call a method. Rejects with the sidecar's error, or says that none runs. */
  async request<M extends keyof Methods>(
    method: M,
    params: Methods[M]["params"],
  ): Promise<Methods[M]["result"]> {
    return (await this.call(method, params)) as Methods[M]["result"];
  }

  /** `request` for LSP's own methods. */
  async call(method: string, params: unknown): Promise<unknown> {
    if (this.state !== "running" || !this.#client) {
      throw new Error("the sidecar is not running; use Shepherd: Restart Sidecar");
    }
    return this.#client.sendRequest(method, params);
  }

  /** Have one of the sidecar's LSP commands done. */
  execute(command: string, argument: object): Promise<unknown> {
    return this.call("workspace/executeCommand", { command, arguments: [argument] });
  }

  dispose(): void {
    clearTimeout(this.#again);
    this.#life++;
    void this.#drop();
  }

  async #make(command: string, store: string, life: number): Promise<LanguageClient> {
    const { CloseAction, ErrorAction, LanguageClient, RevealOutputChannelOn } = await library();
    const cwd = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    const run = { command, args: ["serve", "--store", store], ...(cwd ? { options: { cwd } } : {}) };
    const settings = vscode.workspace.getConfiguration("shepherd");
    const options: LanguageClientOptions = {
      documentSelector: [{ scheme: "file" }, { scheme: "shepherd" }],
      outputChannel: this.serverLog,
      traceOutputChannel: this.serverLog,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: {
        shepherd: {
          protocolVersion: PROTOCOL_VERSION,
          heldIntents: "none", // the live trace tells of them, see held/list.ts
          commands: false,
          ...Object.fromEntries(TOLD.map((name) => [name, settings.get(name, true)])),
        },
      },
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          if (life === this.#life && this.state === "running") this.#crash();
          return { action: CloseAction.DoNotRestart, handled: true };
        },
      },
    };
    const client = new LanguageClient("shepherd", "Shepherd", { run, debug: run }, options);
    // What goes wrong is told once, in our words: the client's own notices go to the log alone.
    client.error = (message, data) => LanguageClient.prototype.error.call(client, message, data, false);
    client.onNotification("trace/didCommit", (params: DidCommit) => this.#pushed.fire(params));
    return client;
  }

  #refused(error: unknown): void {
    const program = this.program ?? "";
    this.log.error(`could not start ${program}`, error as Error);
    const supported = dataOf(error)?.["supported"];
    const trouble =
      nameOf(error) === "ProtocolVersionUnsupported"
        ? wrongVersion(program, PROTOCOL_VERSION, String(supported))
        : notASidecar(program, error instanceof Error ? error.message : String(error));
    this.#become("failed", trouble);
  }

  #crash(): void {
    const wait = this.#backoff.next(Date.now());
    if (wait === undefined) {
      this.#become("failed", crashed("several times in a row"));
      return;
    }
    this.log.warn(`the sidecar ended; starting it again in ${wait} ms`);
    this.#become("waiting", crashed("and is started again"));
    this.#again = setTimeout(() => void this.start(this.store), wait);
  }

  async #drop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (!client) return;
    try {
      if (client.isRunning()) await client.stop(2000);
      await client.dispose();
    } catch (error) {
      this.log.debug(`while stopping: ${String(error)}`); // it had gone already
    }
  }

  #become(state: State, trouble?: Trouble): void {
    this.state = state;
    this.trouble = trouble;
    void vscode.commands.executeCommand("setContext", "shepherd.state", state);
    this.#changed.fire(state);
  }
}
