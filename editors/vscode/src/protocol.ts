/** The wire's types, as the sidecar generates them: the only place that knows where they are. */

export * from "../../../protocol/generated/protocol.js";
