"""The sidecar and the model side by side, as a Hypothesis state machine; a part a concept."""
