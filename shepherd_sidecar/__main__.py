"""``python -m shepherd_sidecar``."""

import sys

from shepherd_sidecar.cli.main import main

sys.exit(main())
