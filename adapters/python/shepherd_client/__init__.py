"""Client of shepherd-sidecar, in blocking and asyncio form, on the standard library alone.

``Sidecar.start()`` starts one; ``start_run`` begins a run; ``with run.tool(...) as call`` asks,
acts and reports. It knows only the wire, never the engine.
"""

from shepherd_client.aio import AsyncSidecar
from shepherd_client.aio_branch import AsyncBranch, AsyncCall, AsyncRun
from shepherd_client.aio_subscription import AsyncSubscription
from shepherd_client.aio_supervision import AsyncSupervision
from shepherd_client.branch import Branch, Call, Run
from shepherd_client.errors import Denied, SidecarError, SidecarExited
from shepherd_client.fork_here import Point, fork_here
from shepherd_client.payloads import Intent, Outcome, ReplayReport, model_call, tool_call
from shepherd_client.sidecar import Sidecar
from shepherd_client.subscription import Subscription
from shepherd_client.supervision import Decision, Question, Supervision, allow, deny, hold

__all__ = [
    "AsyncBranch",
    "AsyncCall",
    "AsyncRun",
    "AsyncSidecar",
    "AsyncSubscription",
    "AsyncSupervision",
    "Branch",
    "Call",
    "Decision",
    "Denied",
    "Intent",
    "Outcome",
    "Point",
    "Question",
    "ReplayReport",
    "Run",
    "Sidecar",
    "SidecarError",
    "SidecarExited",
    "Subscription",
    "Supervision",
    "allow",
    "deny",
    "fork_here",
    "hold",
    "model_call",
    "tool_call",
]
