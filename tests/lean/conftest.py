"""Where the proofs are, and what checks them."""

from __future__ import annotations

import sys

from tests.support.sidecar import ROOT

sys.path.append(str(ROOT / "lean"))  # lean/ is no package: its programs are run, not imported
