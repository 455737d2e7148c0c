r"""What a secret looks like: the built-in rules and names.

Layer: trace. Keeps the rule that secrets never reach a hash or the disk. Every pattern runs in
time linear in the text: no quantifier stands inside another, and what may fail after a
repetition is bounded.

A rule is looked for only where it can match; these are *necessary* conditions of a match:

``words``     one of them is in the folded text (see ``fold``); for patterns that ignore case.
``literals``  one of them is in the text as it is.
``run``       the literal stands in a run of at least ``RUN`` characters of ``[A-Za-z0-9_-]``,
              or in the few characters before one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

RUN: Final = 20
NAME: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
"""What a rule may be called: it stands in the mark that is left in place of a secret."""

KEY: Final = "key"
"""Name of the rule about values under names such as ``password``."""

_TABLE: Final = bytearray(bytes(range(256)).lower())
for _mark in b":='\\":
    _TABLE[_mark] = ord('"')
FOLD: Final = bytes(_TABLE)


@dataclass(frozen=True)
class Rule:
    """One sort of secret. Only groups named ``secret…`` are taken out, else the whole match."""

    name: str
    expression: str
    words: tuple[str, ...] = ()
    literals: tuple[str, ...] = ()
    run: bool = False
    flags: re.RegexFlag = re.NOFLAG

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when first used: most sidecars never meet most secrets."""
        return re.compile(self.expression, self.flags)


def fold(data: bytes) -> bytes:
    r"""Lowercase, without ``-`` and ``_``, and each of ``: = ' \`` as ``"``.

    So ``api-key:``, ``API_KEY=`` and ``"apiKey"`` all hold ``apikey"``. Letters beyond ASCII
    stay as they are. Folding goes byte by byte: a part of a text folds to a part of its fold.
    """
    return data.translate(FOLD, b"-_")


def spelt(names: Iterable[str]) -> str:
    """A pattern for any of these folded names, with ``-`` or ``_`` between letters or not."""
    longest_first = sorted(set(names), key=lambda name: (-len(name), name))
    return "|".join("[-_]?".join(map(re.escape, name)) for name in longest_first)


def named_value(names: Iterable[str]) -> Rule:
    r"""JSON in a string: ``"password": "…"``, at any level of escaping.

    The value ends at its quote, when a comma, a bracket or the end follows; a quote inside it
    does not end it.
    """
    names = sorted(names)
    pattern = (
        rf"(?P<q>\\{{0,7}}[\"'])(?:{spelt(names)})(?P=q)\s{{0,8}}:\s{{0,8}}(?P<v>\\{{0,7}}[\"'])"
        rf"(?P<secret>(?:(?!(?P=v)\s{{0,8}}(?:[,}}\])\\]|\Z))[^\r\n]){{1,4096}})"
    )
    return Rule(KEY, pattern, tuple(f'{name}"' for name in names), flags=_ANY_CASE)


def assigned_value(names: Iterable[str]) -> Rule:
    """``?access_token=…``, ``--password=…``, ``DB_PASSWORD=…``; not ``TOKEN=$TOKEN``."""
    names = sorted(names)
    pattern = (
        rf"(?:(?:[?&]|--)(?i:{spelt(names)})|(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY"
        rf"|SECRET_KEY|ACCESS_KEY|PRIVATE_KEY))=(?!\d{{1,9}}(?![0-9A-Za-z]))[\"']?"
        rf"(?P<secret>[^\s\"'`\\$<>&;|(){{}}\[\]#*][^\s\"'`\\<>&;|(){{}}\[\]#]{{3,}})"
    )
    words = (*(f'{name}"' for name in names), *_ENVIRONMENT)
    return Rule("assignment", pattern, words, flags=re.ASCII)


_ANY_CASE: Final = re.IGNORECASE | re.ASCII
_ENVIRONMENT: Final = tuple(
    f'{name}"'
    for name in (
        *("password", "passwd", "passphrase", "secret", "token"),
        *("apikey", "secretkey", "accesskey", "privatekey"),
    )
)

SENSITIVE_KEYS: Final = frozenset(
    (
        *("authorization", "proxyauthorization", "cookie", "setcookie"),
        *("password", "passwd", "passphrase", "secret", "clientsecret", "appsecret"),
        *("apikey", "xapikey", "xgoogapikey", "secretkey", "privatekey"),
        *("signingkey", "encryptionkey", "secretaccesskey", "awssecretaccesskey"),
        *("accesstoken", "refreshtoken", "idtoken", "authtoken", "xauthtoken"),
        *("sessiontoken", "awssessiontoken", "bearertoken", "apitoken", "privatetoken"),
        *("securitytoken", "xamzsecuritytoken"),
    )
)
"""Names whose values are secrets, folded: case, ``-`` and ``_`` make no difference."""


def _rule(
    name: str,
    pattern: str,
    *literals: str,
    words: tuple[str, ...] = (),
    run: bool = False,
) -> Rule:
    return Rule(name, pattern, words, literals, run, _ANY_CASE if words else re.ASCII)


def _token(name: str, pattern: str, *literals: str) -> Rule:
    """A token of a known format: at least ``RUN`` characters, not the tail of a longer word."""
    return _rule(name, rf"(?<![A-Za-z0-9]){pattern}", *literals, run=True)


BUILT_IN: Final[tuple[Rule, ...]] = (
    _rule(
        "private-key",
        r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:"
        r"[^-]*+(?:-(?!----)[^-]*+)*+-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
        r"|[A-Za-z0-9+/=\s\\]{64,}+)",
        "PRIVATE KEY",
    ),
    _token("anthropic", r"sk-ant-[A-Za-z0-9_-]{16,}", "sk-ant-"),
    _token("openai", r"sk-(?=[a-z_-]{0,40}[A-Z0-9])[A-Za-z0-9_-]{20,}", "sk-"),
    _token("github", r"gh[pousr]_[A-Za-z0-9]{20,}", "ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
    _token("github", r"github_pat_[A-Za-z0-9_]{20,}", "github_pat_"),
    _token("gitlab", r"gl(?:pat|dt|rt)-[A-Za-z0-9_-]{20,}", "glpat-", "gldt-", "glrt-"),
    _token("aws-key-id", r"A(?:KIA|SIA)[A-Z0-9]{16}(?![A-Za-z0-9])", "AKIA", "ASIA"),
    _token("google", r"AIza[A-Za-z0-9_-]{35}", "AIza"),
    _token("slack", r"x(?:ox[a-z]|app)-[A-Za-z0-9-]{15,}", "xox", "xapp-"),
    _token("stripe", r"[rs]k_(?:live|test)_[A-Za-z0-9]{16,}", "k_live_", "k_test_"),
    _token("stripe", r"whsec_[A-Za-z0-9]{20,}", "whsec_"),
    _token("npm", r"npm_[A-Za-z0-9]{30,}", "npm_"),
    _token("pypi", r"pypi-AgE[A-Za-z0-9_-]{16,}", "pypi-AgE"),
    _token("huggingface", r"hf_[A-Za-z0-9]{30,}", "hf_"),
    _rule(
        "jwt",
        r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{17,}+\.eyJ[A-Za-z0-9_-]{8,}+\.?[A-Za-z0-9_-]*+",
        "eyJ",
        run=True,
    ),
    _rule(
        "aws-secret",
        r"secret[-_]?access[-_]?key[\"'\\]{0,8}\s{0,4}[:=]\s{0,4}[\"'\\]{0,8}"
        r"(?P<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+])",
        words=("secretaccesskey",),
    ),
    _rule(
        "authorization",
        r"authorization(?:[\"'\\]{1,8} ?)?[:=]\s{0,4}[\"'\\]{0,8}(?:"
        r"(?:bearer|basic|token|apikey|negotiate)\s{1,4}(?P<secret>[A-Za-z0-9+/_.~=-]{6,})"
        r"|(?P<secret_line>(?:digest|aws4-hmac-sha256)\s[^\r\n\"'\\]{8,})"
        r"|(?P<secret_alone>[A-Za-z0-9+/_.~=-]{16,}))",
        words=('authorization"',),
    ),
    _rule(
        "bearer",
        r"(?<![A-Za-z])[Bb]earer {1,4}"
        r"(?P<secret>(?=[A-Za-z_-]{0,60}[0-9])[A-Za-z0-9_-]{20,}[A-Za-z0-9._~+/-]*=*)",
        "earer",
        run=True,
    ),
    _rule(
        "header",
        r"(?<![a-z])(?:(?:x-(?:goog-)?)?api-key|(?:x-auth|private|x-amz-security)-token)"
        r":\s{0,4}(?P<secret>[^\s\"'\\,;$<{(\[*][^\s\"'\\,;]{7,})",
        words=('apikey"', 'token"'),
    ),
    _rule(
        "cookie",
        r"(?<![a-z])(?:set-)?cookie:\s{0,4}"
        r"(?P<secret>[a-z0-9_.$%-]{1,64}=[^\s\"'\\$<{][^\r\n\"'\\]{3,})",
        words=('cookie"',),
    ),
    _rule(
        "url-password",
        r"://[^\s/@:\"'\\]{0,256}:(?P<secret>[^\s/@\"'\\$<{*\[][^\s/@\"'\\]{0,255})@",
        "@",
    ),
)
