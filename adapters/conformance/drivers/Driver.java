// The driver of the Java client: executes the runner's steps with it.

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads steps, one JSON a line, and prints answers; the first step opens the sidecar. */
final class Driver {
    private static final class ToolFailure extends Exception {
        private static final long serialVersionUID = 1L;

        ToolFailure(String message) {
            super(message);
        }
    }

    private final ShepherdSidecar sidecar;
    private final Map<String, ShepherdSidecar.Branch> branches = new HashMap<>();

    private Driver(ShepherdSidecar sidecar) {
        this.sidecar = sidecar;
    }

    public static void main(String[] none) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        List<String> command = new ArrayList<>();
        for (Object part : list(read(in.readLine()).get("command"))) command.add((String) part);
        try (ShepherdSidecar sidecar = ShepherdSidecar.start(command, null, null)) {
            out.println("{\"ok\":{}}");
            Driver driver = new Driver(sidecar);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                out.println(ShepherdSidecar.Json.write(driver.answer(line)));
            }
        }
    }

    private Map<String, Object> answer(String line) throws Exception {
        try {
            return map("ok", execute(read(line)));
        } catch (ShepherdSidecar.SidecarError error) {
            return map("error", map("name", error.name, "code", error.code, "data", error.data));
        } catch (ShepherdSidecar.Refused error) {
            return map("error", map("name", "InvalidParams", "data", map("message", error.getMessage())));
        } catch (ShepherdSidecar.Denied error) {
            Object data = map("intent", error.intent, "by", error.by, "reason", error.reason);
            return map("error", map("name", "Denied", "data", data));
        } catch (ToolFailure error) {
            return map("error", map("name", "ToolFailure", "data", map("message", error.getMessage())));
        }
    }

    private Object execute(Map<String, Object> step) throws Exception {
        Map<String, Object> params = object(step.getOrDefault("params", Map.of()));
        Map<String, Object> options = object(step.getOrDefault("options", Map.of()));
        ShepherdSidecar.Branch branch = step.get("branch") instanceof String name
                ? branches.computeIfAbsent(name, sidecar::branch) : null;
        switch ((String) step.get("do")) {
            case "call":
                return sidecar.request((String) step.get("method"), params);
            case "notify":
                sidecar.notify((String) step.get("method"), params);
                return null;
            case "tool":
                return map("result", branch.tool((String) step.get("name"), object(step.get("arguments")), options,
                        call -> act(step.get("then"), call.arguments())));
            case "model":
                return map("result", branch.modelCall(object(step.get("payload")), options,
                        call -> act(step.get("then"), call.payload())));
            case "inbox":
                List<Object> taken = new ArrayList<>();
                branch.inbox.drainTo(taken);
                return taken;
            case "log":
                List<Object> commits = new ArrayList<>();
                branch.log(options, entry -> commits.add(entry.get("commit")));
                return commits;
            case "follow":
                List<Object> entries = new ArrayList<>();
                try (ShepherdSidecar.Subscription subscription = sidecar.subscribe(params)) {
                    while (entries.size() < (Long) step.get("count")) entries.addAll(subscription.next());
                    return map("entries", entries, "cursor", subscription.cursor);
                }
            case "supervise":
                Map<String, Object> answers = object(step.get("answers"));
                return map("supervisor", sidecar.supervise(params,
                        question -> object(answers.get(question.tool()))));
            case "replay":
                return replay(params, list(step.get("machine")), list(step.getOrDefault("act", List.of())).iterator());
            default:
                throw new IllegalArgumentException("unknown step " + step.get("do"));
        }
    }

    private Object replay(Map<String, Object> params, List<Object> machine, Iterator<Object> acts) {
        ShepherdSidecar.Replay report = sidecar.replay(params, outcomes -> {
            if (outcomes.size() >= machine.size()) return null;
            Map<String, Object> intent = object(machine.get(outcomes.size()));
            return new ShepherdSidecar.Intent((String) intent.get("kind"), object(intent.get("payload")));
        }, intent -> act(acts.next(), intent.payload()));
        List<Object> outcomes = new ArrayList<>();
        for (ShepherdSidecar.Outcome one : report.outcomes()) {
            outcomes.add(map("status", one.status(), "result", one.result(), "recorded", one.recorded()));
        }
        Map<String, Object> told = new LinkedHashMap<>(report.closed());
        told.putAll(map("branch", report.branch(), "outcomes", outcomes, "differences", report.differences()));
        return told;
    }

    /** Do as a transcript's tool does: echo, throw, or give a fixed result. */
    private static Object act(Object how, Object given) throws ToolFailure {
        Map<String, Object> wanted = object(how);
        if (wanted.containsKey("throw")) throw new ToolFailure((String) wanted.get("throw"));
        return wanted.containsKey("echo") ? given : wanted.get("return");
    }

    private static Map<String, Object> read(String line) {
        return object(ShepherdSidecar.Json.read(line));
    }

    private static Map<String, Object> map(Object... members) {
        return ShepherdSidecar.map(members);
    }

    private static Map<String, Object> object(Object value) {
        return ShepherdSidecar.object(value);
    }

    private static List<Object> list(Object value) {
        return ShepherdSidecar.list(value);
    }
}
