// A client of shepherd-sidecar in one file, for Java 17, without dependencies.
//
// Copy it into a project, or try it: java ShepherdSidecar.java [COMMAND ...]
// (the command is `shepherd-sidecar serve` when none is given).

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A sidecar and the connection to it. Safe to share between threads.
 *
 * <p>JSON stands as {@code Map<String, Object>}, {@code List<Object>}, {@code String}, {@code
 * Long}, {@code Double}, {@code Boolean} and null. The sidecar ends when its input does, so it
 * never outlives this program. Nothing is written to standard output.
 */
public final class ShepherdSidecar implements AutoCloseable {
    private static final int LOG_KEPT = 4096;

    private final Process process;
    private final OutputStream input;
    private final Thread reader;
    private final AtomicLong serial = new AtomicLong();
    private final Map<Long, CompletableFuture<Object>> pending = new ConcurrentHashMap<>();
    private final Map<String, List<Consumer<Map<String, Object>>>> listeners = new ConcurrentHashMap<>();
    private final List<Consumer<SidecarExited>> enders = new CopyOnWriteArrayList<>();
    private final Map<String, CompletableFuture<Function<Question, Map<String, Object>>>> deciders =
            new ConcurrentHashMap<>();
    private final StringBuffer log = new StringBuffer();
    private volatile SidecarExited ended;

    /**
     * Start a sidecar.
     *
     * @param command program and arguments; {@code shepherd-sidecar serve} when null
     * @param store folder of the store; found upward from the working directory when null
     * @param role agent, supervisor, observer or owner; owner when null
     * @throws SidecarExited when the program cannot be started
     */
    public static ShepherdSidecar start(List<String> command, String store, String role) {
        List<String> line = new ArrayList<>(command != null ? command : List.of("shepherd-sidecar", "serve"));
        if (store != null) line.addAll(List.of("--store", store));
        if (role != null) line.addAll(List.of("--role", role));
        try {
            return new ShepherdSidecar(new ProcessBuilder(line).start());
        } catch (IOException error) {
            throw new SidecarExited("cannot start " + line.get(0) + ": " + error.getMessage());
        }
    }

    private ShepherdSidecar(Process process) {
        this.process = process;
        this.input = process.getOutputStream();
        Thread logger = daemon("sidecar-log", this::keepLog);
        this.reader = daemon("sidecar-reader", () -> read(logger));
    }

    /** Process id of the sidecar. */
    public long pid() {
        return process.pid();
    }

    /** Call a method and wait for its result; throws SidecarError or SidecarExited. */
    public Map<String, Object> request(String method, Map<String, Object> params) {
        try {
            return object(send(method, params).join());
        } catch (CompletionException error) {
            if (error.getCause() instanceof SidecarError cause) throw new SidecarError(cause);
            if (error.getCause() instanceof SidecarExited cause) throw new SidecarExited(cause.getMessage());
            throw error;
        }
    }

    /** Call a method; cancelling the future cancels the request. */
    public CompletableFuture<Object> send(String method, Map<String, Object> params) {
        long id = serial.incrementAndGet();
        String line = Json.write(map("jsonrpc", "2.0", "id", id, "method", method, "params", params));
        CompletableFuture<Object> future = new CompletableFuture<>();
        pending.put(id, future);
        future.whenComplete((result, error) -> {
            boolean open = pending.remove(id) != null;
            if (open && future.isCancelled()) notify("$/cancelRequest", map("id", id));
        });
        SidecarExited gone = ended;
        if (gone != null) future.completeExceptionally(gone);
        else write(line);
        return future;
    }

    /** Send a notification: nothing comes back, not even an error. */
    public void notify(String method, Map<String, Object> params) {
        if (ended != null) throw new SidecarExited(ended.getMessage());
        write(Json.write(map("jsonrpc", "2.0", "method", method, "params", params)));
    }

    /** Listen to a push, on the reading thread; running the result stops it. */
    public Runnable on(String method, Consumer<Map<String, Object>> listener) {
        List<Consumer<Map<String, Object>>> all =
                listeners.computeIfAbsent(method, name -> new CopyOnWriteArrayList<>());
        all.add(listener);
        return () -> all.remove(listener);
    }

    /** Begin a run ({@code name}, {@code agent}, {@code workspace}, ...) on its first branch. */
    public Branch startRun(Map<String, Object> params) {
        return new Branch(request("run/start", params));
    }

    /** Work on a branch that exists. */
    public Branch branch(String name) {
        return new Branch(map("branch", name));
    }

    /** Follow commits: {@code all}, {@code branches} or {@code runs}; {@code from} a cursor. */
    public Subscription subscribe(Map<String, Object> params) {
        return new Subscription(params);
    }

    /**
     * Supervise agents on this store until this closes, or supervisor/detach.
     *
     * @param params of supervisor/attach: {@code name}, {@code filter}, {@code timeoutMs}, ...
     * @param decide gives {@code decision} and its {@code reason} or {@code payload}, or null to
     *     allow; called on a thread for each question, and what it throws counts as no answer
     * @return the attachment's id
     */
    public String supervise(
            Map<String, Object> params, Function<Question, Map<String, Object>> decide) {
        String id = (String) request("supervisor/attach", params).get("supervisor");
        decider(id).complete(decide);
        return id;
    }

    /** An intent that waits for an answer, as supervisor/decide tells it. */
    public record Question(Map<String, Object> params) {
        /** The entry: {@code commit}, {@code kind}, {@code effect}, {@code payload}, ... */
        public Map<String, Object> intent() {
            return object(params.get("intent"));
        }

        /** Name of the tool, for a tool call; null otherwise. */
        public String tool() {
            boolean call = "tool_call".equals(intent().get("kind"));
            return call ? (String) object(intent().get("payload")).get("name") : null;
        }

        /** The tool's arguments. */
        public Map<String, Object> arguments() {
            return object(object(intent().get("payload")).get("arguments"));
        }
    }

    /** Say goodbye: what was sent is worked off, then the process ends. */
    @Override
    public void close() {
        try {
            synchronized (input) {
                input.close();
            }
            if (!process.waitFor(15, TimeUnit.SECONDS)) process.destroyForcibly();
            if (Thread.currentThread() != reader) reader.join();
        } catch (IOException error) {
            process.destroy();
        } catch (InterruptedException error) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void write(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        synchronized (input) {
            try {
                input.write(bytes);
                input.flush();
            } catch (IOException gone) {
                // The reader tells the same, with the reason.
                process.destroy();
            }
        }
    }

    private void read(Thread logger) {
        try (InputStream stream = process.getInputStream()) {
            Lines lines = new Lines(stream);
            for (String line = lines.next(); line != null; line = lines.next()) receive(line);
            int code = process.waitFor();
            logger.join(1000);
            String said = log.toString().strip();
            end("the sidecar ended (exit code " + code + ")" + (said.isEmpty() ? "" : "; it said: " + said));
        } catch (IOException | InterruptedException error) {
            end("the sidecar cannot be heard any more: " + error.getMessage());
        }
    }

    private CompletableFuture<Function<Question, Map<String, Object>>> decider(Object id) {
        return deciders.computeIfAbsent((String) id, name -> new CompletableFuture<>());
    }

    private void answer(Object id, Question question) {
        try {
            // The first question may overtake the reply that names the attachment.
            Function<Question, Map<String, Object>> decide =
                    decider(question.params().get("supervisor")).get(10, TimeUnit.SECONDS);
            Map<String, Object> said = decide.apply(question);
            Object result = said != null ? said : map("decision", "allow");
            write(Json.write(map("jsonrpc", "2.0", "id", id, "result", result)));
        } catch (Exception failed) {
            Object error = map("code", -32603, "message", failed.toString());
            write(Json.write(map("jsonrpc", "2.0", "id", id, "error", error)));
        }
    }

    private void receive(String line) {
        Map<String, Object> message;
        try {
            message = object(Json.read(line));
        } catch (Refused | ClassCastException notOurs) {
            return; // something around the sidecar printed; no request is waiting for it
        }
        Object id = message.get("id");
        if (message.get("method") instanceof String method) {
            if (id != null && method.equals("supervisor/decide")) {
                daemon("supervisor", () -> answer(id, new Question(object(message.get("params")))));
                return;
            }
            if (id != null) {
                Object error = map("code", -32601, "message", "this client does not answer " + method);
                write(Json.write(map("jsonrpc", "2.0", "id", id, "error", error)));
                return;
            }
            for (Consumer<Map<String, Object>> listener : listeners.getOrDefault(method, List.of())) {
                tell(listener, object(message.get("params")));
            }
        } else if (id instanceof Long number) {
            CompletableFuture<Object> future = pending.remove(number);
            if (future == null) return;
            if (message.get("error") instanceof Map<?, ?> error) {
                future.completeExceptionally(new SidecarError(object(error)));
            } else {
                future.complete(message.get("result"));
            }
        }
    }

    private static void tell(Consumer<Map<String, Object>> listener, Map<String, Object> params) {
        try {
            listener.accept(params);
        } catch (RuntimeException failure) {
            // The listener's own fault: told as an uncaught exception is, and the rest goes on.
            Thread reader = Thread.currentThread();
            reader.getThreadGroup().uncaughtException(reader, failure);
        }
    }

    private void keepLog() {
        try (InputStream stream = process.getErrorStream()) {
            byte[] chunk = new byte[LOG_KEPT];
            for (int count = stream.read(chunk); count >= 0; count = stream.read(chunk)) {
                log.append(new String(chunk, 0, count, StandardCharsets.UTF_8));
                if (log.length() > LOG_KEPT) log.delete(0, log.length() - LOG_KEPT);
            }
        } catch (IOException closed) {
            log.append(closed.getMessage());
        }
    }

    private void end(String reason) {
        SidecarExited exited = ended = new SidecarExited(reason);
        for (CompletableFuture<Object> future : pending.values()) future.completeExceptionally(exited);
        for (Consumer<SidecarExited> ender : enders) ender.accept(exited);
    }

    private static Thread daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    // ---- Working on a branch

    /** What an action really does; it gives the result, or throws. */
    public interface Work {
        Object run(Call call) throws Exception;
    }

    /** An allowed action: the intent's commit, the verdict, and the payload to run. */
    public record Call(String intent, Map<String, Object> verdict, Map<String, Object> payload) {
        /** The arguments that were allowed; an override may have changed them. */
        public Map<String, Object> arguments() {
            return object(payload.getOrDefault("arguments", Map.of()));
        }
    }

    /** What an agent asks to do: {@code tool_call} or {@code model_call}. */
    public record Intent(String kind, Map<String, Object> payload) {}

    /** A branch that an agent works on. */
    public final class Branch {
        /** Its name in the store. */
        public final String name;
        /** What made it: for a run {@code run}, {@code head} and perhaps {@code world}. */
        public final Map<String, Object> made;
        /** Messages that came with verdicts; whoever reads them empties it. */
        public final BlockingQueue<Map<String, Object>> inbox = new LinkedBlockingQueue<>();

        private Branch(Map<String, Object> made) {
            this.made = made;
            this.name = (String) made.get("branch");
        }

        /** Report one event and return its commit. Details: intent, effect, clientId, at, usage. */
        public String report(String kind, Map<String, Object> payload, Map<String, Object> details) {
            Object event = with(details, "kind", kind, "payload", payload);
            return (String) list(ask("trace/append", map("events", List.of(event))).get("commits")).get(0);
        }

        /** Report an event and do not wait: in order, with no answer and no error. */
        public void record(String kind, Map<String, Object> payload, Map<String, Object> details) {
            Object event = with(details, "kind", kind, "payload", payload);
            ShepherdSidecar.this.notify("trace/record", map("branch", name, "events", List.of(event)));
        }

        /** Report what the agent thinks. */
        public String thought(String text) {
            return report("thought", map("text", text), Map.of());
        }

        /** Report a message of the conversation. */
        public String message(String role, Object content) {
            return report("message", map("role", role, "content", content), Map.of());
        }

        /**
         * Call a tool: propose it, run what was allowed, report the result. Options: effect
         * (irreversible when absent), clientId, timeoutMs.
         *
         * @throws Denied without running
         */
        public Object tool(String tool, Map<String, Object> arguments, Map<String, Object> options, Work work)
                throws Exception {
            return act(new Intent("tool_call", map("name", tool, "arguments", arguments)), options, work);
        }

        /** Call a model: like {@code tool}, with the whole {model, messages, tools, ...}. */
        public Object modelCall(Map<String, Object> payload, Map<String, Object> options, Work work)
                throws Exception {
            return act(new Intent("model_call", payload), options, work);
        }

        /** Propose, run, resolve. */
        public Object act(Intent intent, Map<String, Object> options, Work work) throws Exception {
            Map<String, Object> got =
                    ask("intent/propose", with(options, "kind", intent.kind(), "payload", intent.payload()));
            String commit = (String) got.get("commit");
            Map<String, Object> verdict = object(got.get("verdict"));
            for (Object one : list(verdict.getOrDefault("injected", List.of()))) inbox.add(object(one));
            if (verdict.get("decision").equals("deny")) throw new Denied(commit, verdict);
            Object payload = verdict.getOrDefault("payload", intent.payload());
            Map<String, Object> outcome = really(() -> work.run(new Call(commit, verdict, object(payload))));
            Exception failure = (Exception) outcome.remove("failure");
            try {
                ask("intent/resolve", with(outcome, "intent", commit));
            } catch (RuntimeException unreported) {
                if (failure != null) unreported.addSuppressed(failure);
                throw unreported;
            }
            if (failure != null) throw failure;
            return unwrap(object(outcome.get("payload")));
        }

        /** Make branches: count, names, world; {@code at} a commit, this branch's head if absent. */
        public List<Branch> fork(Map<String, Object> options) {
            Map<String, Object> params = map("at", name);
            params.putAll(options);
            List<Branch> branches = new ArrayList<>();
            for (Object one : list(request("branch/fork", params).get("branches"))) {
                branches.add(new Branch(object(one)));
            }
            return branches;
        }

        /** Every entry of the log, page by page, newest first unless asked otherwise. */
        public void log(Map<String, Object> options, Consumer<Map<String, Object>> each) {
            Map<String, Object> params = with(options);
            do {
                Map<String, Object> page = ask("trace/log", params);
                for (Object entry : list(page.get("entries"))) each.accept(object(entry));
                params.put("cursor", page.get("nextCursor"));
            } while (params.get("cursor") != null);
        }

        /** End the branch's run (finished, failed, exhausted, stopped); it takes no more. */
        public String end(String status) {
            return (String) ask("run/end", map("status", status)).get("commit");
        }

        /** Any method that takes a branch: branch/get, snapshot/take, world/exec, ... */
        public Map<String, Object> ask(String method, Map<String, Object> params) {
            return request(method, with(params, "branch", name));
        }
    }

    // ---- Following and replaying

    /** Commits as they are recorded. */
    public final class Subscription implements AutoCloseable {
        private final BlockingQueue<Object> pushes = new LinkedBlockingQueue<>();
        private final Consumer<SidecarExited> ender = pushes::add;
        private final Runnable stop;
        /** Its id on this connection. */
        public final String id;
        /** After the entries given last: pass it as {@code from} after a reconnect. */
        public volatile String cursor;

        private Subscription(Map<String, Object> params) {
            // Listening begins before asking: pushes may come together with the reply.
            stop = on("trace/didCommit", pushes::add);
            enders.add(ender);
            Map<String, Object> got = request("trace/subscribe", params);
            id = (String) got.get("subscription");
            cursor = (String) got.get("cursor");
        }

        /** The next entries, as the sidecar sent them together; waits for them. */
        public List<Object> next() throws InterruptedException {
            while (true) {
                Object got = pushes.take();
                if (got instanceof SidecarExited reason) {
                    pushes.add(reason); // for whoever asks next
                    throw new SidecarExited(reason.getMessage());
                }
                Map<String, Object> push = object(got);
                if (!id.equals(push.get("subscription"))) continue;
                cursor = (String) push.get("cursor");
                return list(push.get("entries"));
            }
        }

        @Override
        public void close() {
            stop.run();
            enders.remove(ender);
            if (ended == null) request("trace/unsubscribe", map("subscription", id));
        }
    }

    /** What an intent came to in a replay. */
    public record Outcome(String status, Object result, boolean recorded) {}

    /** What a replay came to: {@code closed} has matched, live, complete, head. */
    public record Replay(
            String branch, Map<String, Object> closed, List<Outcome> outcomes, List<Object> differences) {}

    /** Really does an intent of a replay. */
    public interface Act {
        Object run(Intent intent) throws Exception;
    }

    /**
     * Drive an agent along a recorded log. The machine says, from the outcomes so far, what it
     * wants next, or null when it is done; the record answers where it can, {@code act} the rest.
     *
     * @param params of replay/open: from, mode, until, edits, into, rerun
     * @throws SidecarError Diverged at the first difference from the record
     */
    public Replay replay(Map<String, Object> params, Function<List<Outcome>, Intent> machine, Act act) {
        Map<String, Object> opened = request("replay/open", params);
        Map<String, Object> handle = map("replay", opened.get("replay"));
        String branch = (String) opened.get("branch");
        List<Outcome> outcomes = new ArrayList<>();
        List<Object> differences = new ArrayList<>();
        boolean open = true;
        try {
            for (Intent next = machine.apply(outcomes); next != null; next = machine.apply(outcomes)) {
                Intent intent = next;
                Map<String, Object> step =
                        request("replay/next", with(handle, "kind", intent.kind(), "payload", intent.payload()));
                boolean live = Boolean.TRUE.equals(step.get("live"));
                if (live && "verify".equals(params.get("mode"))) {
                    Map<String, Object> done = really(() -> act.run(intent));
                    done.remove("failure");
                    Map<String, Object> checked = request("replay/check", with(done, "replay", handle.get("replay")));
                    if (!Boolean.TRUE.equals(checked.get("same"))) differences.add(checked);
                } else if (live) {
                    outcomes.add(live(branch, intent, step, act));
                    continue;
                }
                outcomes.add(recorded(object(step.get("outcome"))));
            }
            open = false;
            return new Replay(branch, request("replay/close", handle), outcomes, differences);
        } finally {
            if (open && ended == null) send("replay/close", handle); // the first error tells
        }
    }

    private Outcome live(String branch, Intent intent, Map<String, Object> step, Act act) {
        Map<String, Object> verdict = object(step.get("verdict"));
        if (verdict.get("decision").equals("deny")) {
            Object said = map("status", "denied", "by", verdict.get("by"), "reason", verdict.get("reason"));
            return new Outcome("denied", said, false);
        }
        Map<String, Object> payload = object(verdict.getOrDefault("payload", intent.payload()));
        Map<String, Object> done = really(() -> act.run(new Intent(intent.kind(), payload)));
        done.remove("failure");
        request("intent/resolve", with(done, "branch", branch, "intent", step.get("commit")));
        return new Outcome((String) done.get("status"), unwrap(object(done.get("payload"))), false);
    }

    private static Outcome recorded(Map<String, Object> payload) {
        Object result = payload.containsKey("result") ? unwrap(object(payload.get("result"))) : payload;
        return new Outcome((String) payload.getOrDefault("status", "ok"), result, true);
    }

    /** A result as an outcome's payload, which is an object; {@code unwrap} gives it back. */
    private static Map<String, Object> wrap(Object result) {
        boolean plain = result instanceof Map<?, ?> found && !(found.size() == 1 && found.containsKey("value"));
        return plain ? object(result) : map("value", result);
    }

    private static Object unwrap(Map<String, Object> payload) {
        return payload.size() == 1 && payload.containsKey("value") ? payload.get("value") : payload;
    }

    private interface Body {
        Object run() throws Exception;
    }

    private static Map<String, Object> really(Body body) {
        try {
            return map("status", "ok", "payload", wrap(body.run()));
        } catch (Exception failure) {
            Object error =
                    map("message", Objects.toString(failure.getMessage(), ""), "type", failure.getClass().getSimpleName());
            return map("status", "error", "payload", map("error", error), "failure", failure);
        }
    }

    // ---- Errors

    /** The sidecar answered with an error. Match on {@code name}: it is stable, the text is not. */
    public static final class SidecarError extends RuntimeException {
        private static final long serialVersionUID = 1L;
        public final long code;
        public final String name;
        public final String hint;
        public final transient Map<String, Object> data;

        SidecarError(Map<String, Object> error) {
            super(Objects.toString(error.get("message"), ""));
            code = error.get("code") instanceof Long number ? number : 0;
            data = error.get("data") instanceof Map<?, ?> found ? object(found) : Map.of();
            name = Objects.toString(data.get("name"), "SidecarError");
            hint = Objects.toString(data.get("hint"), "");
        }

        /** The same error with the stack of the thread that waited. */
        SidecarError(SidecarError cause) {
            super(cause.getMessage(), cause);
            code = cause.code;
            name = cause.name;
            hint = cause.hint;
            data = cause.data;
        }
    }

    /** The sidecar's process ended, or was never started. Every open request gets this. */
    public static final class SidecarExited extends RuntimeException {
        private static final long serialVersionUID = 1L;
        SidecarExited(String message) {
            super(message);
        }
    }

    /** An intent was denied: the action was not run, and the denial is its recorded outcome. */
    public static final class Denied extends RuntimeException {
        private static final long serialVersionUID = 1L;
        public final String intent;
        public final String by;
        public final String reason;
        public final transient Map<String, Object> verdict;

        Denied(String intent, Map<String, Object> verdict) {
            super("denied by " + verdict.get("by") + ": " + verdict.get("reason"));
            this.intent = intent;
            this.verdict = verdict;
            by = (String) verdict.get("by");
            reason = Objects.toString(verdict.get("reason"), "no reason was given");
        }
    }

    /** A value that is not JSON, or text that is not. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        Refused(String message) {
            super(message);
        }
    }

    // ---- JSON

    /** A mutable object with these members, in this order. */
    public static Map<String, Object> map(Object... members) {
        Map<String, Object> made = new LinkedHashMap<>();
        for (int i = 0; i < members.length; i += 2) made.put((String) members[i], members[i + 1]);
        return made;
    }

    private static Map<String, Object> with(Map<String, Object> base, Object... members) {
        Map<String, Object> made = new LinkedHashMap<>(base);
        made.putAll(map(members));
        return made;
    }

    @SuppressWarnings("unchecked") // JSON objects have string keys
    static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked") // the elements are checked where they are used
    static List<Object> list(Object value) {
        return (List<Object>) value;
    }

    /** Lines of UTF-8 that end with a newline, and with nothing else. */
    static final class Lines {
        private final InputStream stream;
        private byte[] buffer = new byte[1 << 16];
        private int start;
        private int end;

        Lines(InputStream stream) {
            this.stream = stream;
        }

        /** The next line, or null at the end of the stream. */
        String next() throws IOException {
            for (int at = start; ; at++) {
                if (at == end) {
                    if (start > 0) {
                        System.arraycopy(buffer, start, buffer, 0, end - start);
                        at -= start;
                        end -= start;
                        start = 0;
                    }
                    if (end == buffer.length) buffer = Arrays.copyOf(buffer, buffer.length * 2);
                    int count = stream.read(buffer, end, buffer.length - end);
                    if (count < 0) return null;
                    end += count;
                    if (count == 0) at--;
                }
                if (at < end && buffer[at] == '\n') {
                    String line = new String(buffer, start, at - start, StandardCharsets.UTF_8);
                    start = at + 1;
                    return line;
                }
            }
        }
    }

    /** JSON of the domain that has canonical bytes: no integer beyond ±(2^53-1), no NaN. */
    public static final class Json {
        private static final long SAFE = (1L << 53) - 1;
        private static final double FIRST_EXPONENT = 1e21;
        private static final int MAX_DEPTH = 512;

        private final String text;
        private int at;

        private Json(String text) {
            this.text = text;
        }

        /** The value of a text; throws Refused. */
        public static Object read(String text) {
            Json json = new Json(text);
            Object value = json.value(0);
            json.blank();
            if (json.at < text.length()) throw json.wrong("nothing more");
            return value;
        }

        /** One line of JSON; throws SidecarError InvalidParams for what has no canonical form. */
        public static String write(Object value) {
            StringBuilder out = new StringBuilder();
            write(out, value, "$", 0);
            return out.toString();
        }

        private static void write(StringBuilder out, Object value, String path, int depth) {
            if (depth > MAX_DEPTH) throw invalid(path, "nested too deep");
            if (value == null || value instanceof Boolean) {
                out.append(value);
            } else if (value instanceof String string) {
                quote(out, string, path);
            } else if (value instanceof Double || value instanceof Float) {
                double number = ((Number) value).doubleValue();
                if (Double.isNaN(number) || Double.isInfinite(number)) throw invalid(path, "NaN is not JSON");
                if (Math.abs(number) > SAFE && Math.abs(number) < FIRST_EXPONENT) {
                    throw invalid(path, "whole number beyond ±(2^53-1)");
                }
                out.append(number);
            } else if (value instanceof Long || value instanceof Integer || value instanceof Short) {
                long number = ((Number) value).longValue();
                if (Math.abs(number) > SAFE) throw invalid(path, "integer beyond ±(2^53-1)");
                out.append(number);
            } else if (value instanceof Map<?, ?> members) {
                String separator = "{";
                for (Map.Entry<?, ?> member : members.entrySet()) {
                    if (!(member.getKey() instanceof String key)) throw invalid(path, "object keys are strings");
                    out.append(separator);
                    quote(out, key, path);
                    out.append(':');
                    write(out, member.getValue(), path + "." + key, depth + 1);
                    separator = ",";
                }
                out.append(members.isEmpty() ? "{}" : "}");
            } else if (value instanceof List<?> items) {
                for (int i = 0; i < items.size(); i++) {
                    out.append(i == 0 ? '[' : ',');
                    write(out, items.get(i), path + "[" + i + "]", depth + 1);
                }
                out.append(items.isEmpty() ? "[]" : "]");
            } else {
                throw invalid(path, value.getClass().getSimpleName() + " is not JSON");
            }
        }

        private static void quote(StringBuilder out, String string, String path) {
            out.append('"');
            for (int i = 0; i < string.length(); i++) {
                char c = string.charAt(i);
                boolean high = Character.isHighSurrogate(c);
                boolean paired = high && i + 1 < string.length() && Character.isLowSurrogate(string.charAt(i + 1));
                if (Character.isSurrogate(c) && !paired) throw invalid(path, "a lone surrogate is not text");
                if (paired) out.append(c).append(string.charAt(++i));
                else if (c == '"' || c == '\\') out.append('\\').append(c);
                else if (c < 0x20) out.append(String.format("\\u%04x", (int) c));
                else out.append(c);
            }
            out.append('"');
        }

        private static SidecarError invalid(String path, String message) {
            Object errors = List.of(map("path", path, "message", message));
            String hint = "compare the params with the method's entry in protocol/reference.md";
            Object data = map("name", "InvalidParams", "hint", hint, "errors", errors);
            return new SidecarError(map("code", -32602L, "message", path + ": " + message, "data", data));
        }

        private Object value(int depth) {
            if (depth > MAX_DEPTH) throw wrong("fewer levels");
            blank();
            char c = at < text.length() ? text.charAt(at) : 0;
            return switch (c) {
                case '{' -> members(depth);
                case '[' -> items(depth);
                case '"' -> string();
                case 't' -> word("true", true);
                case 'f' -> word("false", false);
                case 'n' -> word("null", null);
                default -> number();
            };
        }

        private Map<String, Object> members(int depth) {
            Map<String, Object> made = new LinkedHashMap<>();
            at++;
            if (next('}')) return made;
            do {
                blank();
                String name = string();
                if (!next(':')) throw wrong("a colon");
                made.put(name, value(depth + 1));
            } while (next(','));
            if (!next('}')) throw wrong("a closing brace");
            return made;
        }

        private List<Object> items(int depth) {
            List<Object> made = new ArrayList<>();
            at++;
            if (next(']')) return made;
            do made.add(value(depth + 1));
            while (next(','));
            if (!next(']')) throw wrong("a closing bracket");
            return made;
        }

        private String string() {
            if (at >= text.length() || text.charAt(at) != '"') throw wrong("a string");
            StringBuilder made = new StringBuilder();
            for (at++; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c == '"') {
                    at++;
                    return made.toString();
                }
                if (c < 0x20) break;
                made.append(c == '\\' ? escaped() : c);
            }
            throw wrong("the end of a string");
        }

        private char escaped() {
            char c = ++at < text.length() ? text.charAt(at) : 0;
            int known = "\"\\/bfnrt".indexOf(c);
            if (c != 0 && known >= 0) return "\"\\/\b\f\n\r\t".charAt(known);
            if (c != 'u' || at + 4 >= text.length()) throw wrong("an escape");
            int code = 0;
            for (int i = 0; i < 4; i++) {
                int digit = Character.digit(text.charAt(++at), 16);
                if (digit < 0) throw wrong("a hexadecimal digit");
                code = code * 16 + digit;
            }
            return (char) code;
        }

        private Object number() {
            int start = at;
            while (at < text.length() && "+-0123456789.eE".indexOf(text.charAt(at)) >= 0) at++;
            String digits = text.substring(start, at);
            if (!digits.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) throw wrong("a value");
            double number = Double.parseDouble(digits);
            boolean large = Math.abs(number) > SAFE && Math.abs(number) < FIRST_EXPONENT;
            if (large || Double.isInfinite(number)) throw new Refused(digits + " is beyond ±(2^53-1)");
            boolean whole = digits.chars().noneMatch(c -> c == '.' || c == 'e' || c == 'E');
            if (!whole || Math.abs(number) > SAFE) return number;
            return Long.valueOf(digits);
        }

        private Object word(String word, Object value) {
            if (!text.startsWith(word, at)) throw wrong("a value");
            at += word.length();
            return value;
        }

        private boolean next(char wanted) {
            blank();
            boolean found = at < text.length() && text.charAt(at) == wanted;
            if (found) at++;
            return found;
        }

        private void blank() {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
        }

        private Refused wrong(String wanted) {
            return new Refused("not JSON: expected " + wanted + " at character " + at);
        }
    }

    // ---- The example

    /** A small agent that adds two numbers, is watched, and forks. */
    public static void main(String[] command) throws Exception {
        String store = Files.createTempDirectory("shepherd-example").resolve(".shepherd").toString();
        try (ShepherdSidecar sidecar = start(command.length > 0 ? List.of(command) : null, store, null)) {
            Branch run = sidecar.startRun(map("name", "adder", "agent", map("name", "example", "language", "java")));
            run.thought("2 and 3 have to be added");
            Object sum = run.tool("add", map("left", 2, "right", 3), map("effect", "pure"), call -> {
                Map<String, Object> numbers = call.arguments();
                return ((Number) numbers.get("left")).longValue() + ((Number) numbers.get("right")).longValue();
            });
            System.out.println("the sum is " + sum);
            Branch other = run.fork(map("names", List.of("adder-again"))).get(0);
            other.thought("on a branch of its own");
            run.log(Map.of(), entry -> System.out.println(entry.get("commit") + " " + entry.get("kind")));
            System.out.println("the store is " + store);
        }
    }
}
