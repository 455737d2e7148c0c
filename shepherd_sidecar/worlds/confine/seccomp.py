"""A filter of system calls: those that no command needs, and that sandboxes are left by, fail.

Layer: worlds. Keeps: the filter is told by number for each kind of machine; a machine without
a table gets none, and that is said. Refused calls give EPERM (calls that programs fall back
from: ENOSYS); calls of a foreign kind (32 bit) end the process, since their numbers mean others.
No file becomes set-uid: outside, where its folder may be the user's own, that would be the right to
be that user, for whoever runs it.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from typing import Final

from shepherd_sidecar.worlds.confine import calls

_X86, _ARM = "x86_64", "aarch64"
_ARCH: Final = {_X86: 0xC000003E, _ARM: 0xC00000B7}
_SECCOMP: Final = {_X86: 317, _ARM: 277}
_X32: Final = 0x40000000

# name: number on x86_64, on aarch64 (None: it has no such call)
_REFUSED: Final[dict[str, tuple[int | None, int | None]]] = {
    # file systems
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442), "statmount": (457, 457), "listmount": (458, 458),
    "open_tree_attr": (467, 467), "open_by_handle_at": (304, 265), "quotactl": (179, 60),
    "quotactl_fd": (443, 443), "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89),
    "fanotify_init": (300, 262), "uselib": (134, None), "sysfs": (139, None),
    "ustat": (136, None), "nfsservctl": (180, 42), "lookup_dcookie": (212, 18),
    # other processes
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "process_madvise": (440, 440), "kcmp": (312, 272), "pidfd_getfd": (438, 438),
    "move_pages": (279, 239), "migrate_pages": (256, 238),
    # namespaces
    "unshare": (272, 97), "setns": (308, 268),
    # the kernel itself
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "create_module": (174, None),
    "get_kernel_syms": (177, None), "query_module": (178, None), "syslog": (103, 116),
    "reboot": (169, 142), "vhangup": (153, 58), "_sysctl": (156, None),
    "iopl": (172, None), "ioperm": (173, None), "modify_ldt": (154, None),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "clock_adjtime": (305, 266),
    "adjtimex": (159, 171), "sethostname": (170, 161), "setdomainname": (171, 162),
    # keys
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
}  # fmt: skip
_NESTING: Final = ("mount", "move_mount", "umount2", "unshare")
_CLONE3: Final = 435  # its flags lie in memory, out of sight: programs fall back to clone
_OPENAT2: Final = 437  # so does its mode: they fall back to openat
_CLONE: Final = {_X86: 56, _ARM: 220}
_IOCTL: Final = {_X86: 16, _ARM: 29}
_SOCKET: Final = {_X86: 41, _ARM: 198}
_SOCKETPAIR: Final = {_X86: 53, _ARM: 199}
_PERSONALITY: Final = {_X86: 135, _ARM: 92}
_MKNOD: Final = {_X86: 133, _ARM: None}
_MKNODAT: Final = {_X86: 259, _ARM: 33}

_CHANGING_MODE: Final = {  # number, and which argument is the mode
    _X86: ((90, 1), (91, 1), (268, 2), (452, 2), (85, 1)),
    _ARM: ((52, 1), (53, 2), (452, 2)),
}
_OPENING: Final = {_X86: ((2, 1), (257, 2)), _ARM: ((56, 2),)}
"""Number, and which argument is the flags; the mode is the next, where a file is made."""

_SET_UID: Final = 0o4000
_MAKING: Final = 0o20000100
"""O_CREAT and O_TMPFILE."""
_NEW_NAMESPACES: Final = 0x7E020000
"""CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET."""
_IOCTLS: Final = (0x5412, 0x541C)
"""TIOCSTI types for the user at the terminal, TIOCLINUX pastes there."""
_UNIX, _INET, _INET6, _NETLINK = 1, 2, 10, 16
_NETLINK_ROUTE: Final = 0
_PERSONALITIES: Final = (0x0, 0x8, 0x20000, 0x20008, 0x40000, 0xFFFFFFFF)
_FORMAT, _CHARACTERS, _BLOCKS = 0o170000, 0o020000, 0o060000

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_ANY_BIT, _AND, _RETURN = (
    0x20,
    0x15,
    0x35,
    0x45,
    0x54,
    0x06,
)
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000

_Step = tuple[int, int, int, int]


def lacks() -> list[tuple[str, str]]:
    """Why there is no filter here, if so."""
    if calls.MACHINE in _ARCH:
        return []
    return [("seccomp", f"the numbers of system calls on {calls.MACHINE} are not known here")]


def apply(*, nesting: bool = False) -> None:
    """Filter the calls of this process and its children. Needs ``no_new_privs``.

    Args:
        nesting: whether it may make namespaces and mounts of its own.

    Raises:
        OSError: it is not filtered.
    """
    program = filter_for(calls.MACHINE, nesting=True) if nesting else _PROGRAM
    assert program is not None
    buffer = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("@HP", len(program) // 8, ctypes.addressof(buffer))
    calls.syscall("seccomp", _SECCOMP[calls.MACHINE], 1, 0, header)


def filter_for(machine: str, *, nesting: bool = False) -> bytes:
    """The filter, as the kernel takes it; see ``apply``."""
    column = 0 if machine == _X86 else 1
    deny, absent = _ERRNO | errno.EPERM, _ERRNO | errno.ENOSYS
    steps: list[_Step] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_JUMP_EQUAL, 1, 0, _ARCH[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if machine == _X86:
        steps += [(_JUMP_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _KILL)]
    if not nesting:
        steps += _when(_CLONE3, [(_RETURN, 0, 0, absent)])
        steps += _when(_CLONE[machine], _if_any_bit(0, _NEW_NAMESPACES, deny))
    steps += _when(_OPENAT2, [(_RETURN, 0, 0, absent)])
    for chmod, mode in _CHANGING_MODE[machine]:
        steps += _when(chmod, _if_any_bit(mode, _SET_UID, deny))
    for opens, flags in _OPENING[machine]:
        steps += _when(opens, _making(flags, deny))
    steps += _when(_IOCTL[machine], _if_among(1, _IOCTLS, deny))
    for call in (_SOCKET[machine], _SOCKETPAIR[machine]):
        steps += _when(call, _sockets(deny))
    steps += _when(_PERSONALITY[machine], _unless_among(0, _PERSONALITIES, deny))
    for number, mode in ((_MKNOD[machine], 1), (_MKNODAT[machine], 2)):
        steps += _when(number, _devices(mode, deny)) if number is not None else []
    refused = [
        numbers[column] for name, numbers in _REFUSED.items() if not (nesting and name in _NESTING)
    ]
    for number in refused:
        steps += _when(number, [(_RETURN, 0, 0, deny)]) if number is not None else []
    steps.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _when(number: int, body: list[_Step]) -> list[_Step]:
    """``body`` for one call; it ends with a return on every way."""
    return [(_JUMP_EQUAL, 0, len(body), number), *body]


def _argument(index: int) -> _Step:
    """Load the low half of an argument: all that the kernel looks at in those tested here."""
    return (_LOAD, 0, 0, _FIRST_ARGUMENT + 8 * index)


def _if_any_bit(index: int, bits: int, then: int) -> list[_Step]:
    return [
        _argument(index),
        (_JUMP_ANY_BIT, 0, 1, bits),
        (_RETURN, 0, 0, then),
        (_RETURN, 0, 0, _ALLOW),
    ]


def _making(flags: int, deny: int) -> list[_Step]:
    return [
        _argument(flags),
        (_JUMP_ANY_BIT, 1, 0, _MAKING),
        (_RETURN, 0, 0, _ALLOW),
        *_if_any_bit(flags + 1, _SET_UID, deny),
    ]


def _if_among(index: int, values: tuple[int, ...], then: int) -> list[_Step]:
    tests = [(_JUMP_EQUAL, len(values) - at, 0, value) for at, value in enumerate(values)]
    return [_argument(index), *tests, (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, then)]


def _unless_among(index: int, values: tuple[int, ...], then: int) -> list[_Step]:
    tests = [(_JUMP_EQUAL, len(values) - at, 0, value) for at, value in enumerate(values)]
    return [_argument(index), *tests, (_RETURN, 0, 0, then), (_RETURN, 0, 0, _ALLOW)]


def _sockets(deny: int) -> list[_Step]:
    """Local and internet sockets, and the one kind of netlink by which addresses are looked up."""
    return [
        _argument(0),
        (_JUMP_EQUAL, 5, 0, _UNIX),
        (_JUMP_EQUAL, 4, 0, _INET),
        (_JUMP_EQUAL, 3, 0, _INET6),
        (_JUMP_EQUAL, 0, 3, _NETLINK),
        _argument(2),
        (_JUMP_EQUAL, 0, 1, _NETLINK_ROUTE),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, deny),
    ]


def _devices(index: int, deny: int) -> list[_Step]:
    return [
        _argument(index),
        (_JUMP_ANY_BIT, 0, 1, _SET_UID),
        (_RETURN, 0, 0, deny),
        (_AND, 0, 0, _FORMAT),
        (_JUMP_EQUAL, 2, 0, _CHARACTERS),
        (_JUMP_EQUAL, 1, 0, _BLOCKS),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, deny),
    ]


_PROGRAM: Final = filter_for(calls.MACHINE) if calls.MACHINE in _ARCH else None
