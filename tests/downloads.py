"""Downloads as platforms lay them out, made by code: each a table of names and contents, written as a folder or a zip archive."""

from __future__ import annotations

import io
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from hashlib import sha1
from pathlib import Path

from nbformat.v4 import new_code_cell, new_notebook, writes

from grader.people import Person

Files = dict[str, bytes]

RELU = "def relu_forward(x):\n    return abs(x), x\n"
UNITS = {"layers": frozenset({"relu_forward", "relu_backward"}), "optimizers": frozenset({"sgd"})}
STUBS = {
    "layers": "def relu_forward(x):\n    raise NotImplementedError\n",
    "optimizers": "def sgd(w, dw, config=None):\n    raise NotImplementedError\n",
}


class Roster:
    """A roster of these people."""

    def __init__(self, *people: Person) -> None:
        self.people = people


CLASS = Roster(
    Person(
        id="ada",
        name="Ada Lovelace",
        email="ada@uni.example",
        login="lovelace",
        platforms={"canvas": "101", "github": "Ada-L"},
    ),
    Person(id="jm", name="Jörg Müller", email="jm@uni.example", login="jmueller", platforms={"github": "joergm"}),
    Person(id="jose", name="José Peña García", email="pena@uni.example"),
    Person(id="mary", name="Mary-Ann O'Brien", platforms={"sis": "00123"}),
    Person(id="john1", name="John Smith", platforms={"canvas": "104"}),
    Person(id="john2", name="John Smith"),
    Person(id="zoe", name="Zoë Ng", email="zoe@uni.example"),
)
"""With accents, an apostrophe, a hyphen, and two of one name."""


def book(*cells: str) -> bytes:
    """Return a notebook of these code cells."""
    cells_ = [new_code_cell(source, id=f"c{number}") for number, source in enumerate(cells)]
    return bytes(writes(new_notebook(cells=cells_)).encode())


def work(who: str) -> bytes:
    """Return a notebook that is nobody else's."""
    return book(f"# {who}\n{RELU}")


def nfd(name: str) -> str:
    """Return a name as a Mac writes it: letters and accents apart."""
    return unicodedata.normalize("NFD", name)


def canvas() -> Files:
    """Return a download of Canvas: several files, late ones, versions, one name twice, typed texts, and a student's zip."""
    return {
        "lovelaceada_101_9001_06_layers-1.ipynb": book("from exercises.layers import relu_forward"),
        "lovelaceada_101_9002_layers-2.py": RELU.encode(),
        "müllerjörg_LATE_102_9003_my homework.ipynb": work("jm"),
        "peñagarcíajosé_103_9004_hw.zip": zipped(
            {"hw/06_layers.ipynb": work("jose"), "__MACOSX/hw/._06_layers.ipynb": b"\0"}
        ),
        "smithjohn_104_9005_layers.ipynb": work("john1"),
        "smithjohn_late_105_9006_layers.ipynb": work("john2"),
        "obrienmaryann_106_text.html": b"<p>I could not upload it</p>",
        "ngzoë_107_9007_layers.zip": b"PK, and broken off",
        ".DS_Store": b"\0",
        "__MACOSX/._lovelaceada_101_9001_06_layers-1.ipynb": b"\0",
    }


def canvas_anonymous() -> Files:
    """Return a download of Canvas under anonymous grading."""
    return {
        "anon_eZ4kp_9001_06_layers.ipynb": work("a"),
        "anon_LATE_b7Qr2_9002_06_layers.ipynb": work("b"),
        "anon_b7Qr2_9003_notes.txt": b"",
    }


def moodle(end: str = "_") -> Files:
    """Return a download of Moodle in folders, that end in ``_`` or not."""
    return {
        f"Ada Lovelace_7001_assignsubmission_file{end}/06_layers.ipynb": book(
            "from exercises.layers import relu_forward"
        ),
        f"Ada Lovelace_7001_assignsubmission_file{end}/exercises/layers.py": RELU.encode(),
        f"Ada Lovelace_7001_assignsubmission_onlinetext{end}/onlinetext.html": b"<p>see the file</p>",
        f"Jörg Müller_7002_assignsubmission_file{end}/hw.ipynb": work("jm"),
        f"John Smith_7003_assignsubmission_file{end}/layers.ipynb": work("john1"),
        f"John Smith_7004_assignsubmission_file{end}/layers.ipynb": work("john2"),
        nfd(f"Zoë Ng_7005_assignsubmission_file{end}/layers.ipynb"): work("zoe"),
    }


def moodle_flat() -> Files:
    """Return a download of Moodle in one row."""
    return {
        "Ada Lovelace_7001_assignsubmission_file_06_layers.ipynb": work("ada"),
        "Jörg Müller_7002_assignsubmission_file_my_hw_1_2_x.ipynb": work("jm"),
        "Jörg Müller_7002_assignsubmission_onlinetext_onlinetext.html": b"",
    }


def moodle_blind() -> Files:
    """Return a download of Moodle under blind marking, in German."""
    return {
        f"Teilnehmer/in_{number}_assignsubmission_file_/layers.ipynb".replace("/in", ""): work(str(number))
        for number in (1, 2, 3)
    }


METADATA = """---
submission_5001:
  :submitters:
  - :name: Ada Lovelace
    :sid: '4711'
    :email: ada@uni.example
  :created_at: 2026-10-02 16:01:02.123456789 Z
  :score: 7.0
  :history:
  - :id: 4999
    :created_at: 2026-10-01 09:00:00.000000000 Z
    :score: 1.0
  - :id: 5000
    :created_at: 2026-10-02 08:30:00.000000000 +02:00
submission_5002:
  :submitters:
  - :name: "Jörg Müller"
    :sid:
    :email: jm@uni.example
  - :name: Mary-Ann O'Brien
    :sid: 00123
    :email: nobody@uni.example
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: &1 2026-10-03 00:30:00.000000000 Z
    zone: !ruby/object:ActiveSupport::TimeZone
      name: Etc/UTC
    time: *1
  :results:
    :output: ! 'x: [unclosed'
submission_5009:
  :submitters:
  - :name: Nobody Here
"""


def gradescope(metadata: str | None = METADATA) -> Files:
    """Return an export of Gradescope: a group, older attempts, a submission that the sheet does not have, one it has alone."""
    top = "assignment_31_export/"
    found = {
        f"{top}submission_5001/06_layers.ipynb": work("ada"),
        f"{top}submission_5002/exercises/layers.py": RELU.encode(),
        f"{top}submission_5003/layers.ipynb": work("somebody"),
    }
    return found if metadata is None else {**found, f"{top}submission_metadata.yml": metadata.encode()}


def nbgrader() -> Files:
    """Return what nbgrader collected: two assignments, times with a zone and without, and one without a time."""
    return {
        "submitted/ada/layers/06_layers.ipynb": work("ada"),
        "submitted/ada/layers/timestamp.txt": b"2026-10-02 15:58:23.948203 Europe/Berlin\n",
        "submitted/ada/optimizers/08_optimizers.ipynb": book("def sgd(): 1"),
        "submitted/ada/optimizers/timestamp.txt": b"2026-10-09 15:58:23.948203 UTC",
        "submitted/jm/layers/06_layers.ipynb": work("jm"),
        "submitted/jm/layers/timestamp.txt": b"2026-10-02 15:58:23",
        "submitted/zoe/layers/06_layers.ipynb": work("zoe"),
    }


def inbound() -> Files:
    """Return the folder of nbgrader's exchange."""
    return {
        "ada+layers+2026-10-02 15:58:23.948203 UTC+x7/06_layers.ipynb": work("ada"),
        "jm+layers+2026-10-03 15:58:23.948203 UTC/06_layers.ipynb": work("jm"),
    }


def git_files(seconds: int, zone: str = "+0200", *, packed: bool = False) -> Files:
    """Return the files of a ``.git`` with one commit: as a loose object, or in a pack as a change of another."""
    head = f"tree {'0' * 40}\nauthor A <a@x> 1 +0000\ncommitter B <b@x> "
    commit = f"{head}{seconds} {zone}\n\ncommitter X <x@x> 5 +0000\n".encode()
    found = {"HEAD": b"ref: refs/heads/main\n"}
    name = sha1(b"commit %d\0" % len(commit) + commit, usedforsecurity=False).hexdigest()
    if not packed:
        loose = zlib.compress(b"commit %d\0" % len(commit) + commit)
        return {**found, "refs/heads/main": f"{name}\n".encode(), f"objects/{name[:2]}/{name[2:]}": loose}
    base = f"{head}1 +0000\n\n".encode()
    pack, names = _pack(base, commit, len(head), name)
    return {
        **found,
        "packed-refs": f"# pack-refs with: peeled\n{'1' * 40} refs/heads/other\n{name} refs/heads/main\n".encode(),
        "objects/pack/pack-1.pack": pack,
        "objects/pack/pack-1.idx": names,
    }


def _pack(base: bytes, commit: bytes, shared: int, name: str) -> tuple[bytes, bytes]:
    """Return a pack of two commits, the second as a change of the first, and its index."""

    def header(kind: int, size: int) -> bytes:
        found, size = [kind << 4 | size & 15], size >> 4
        while size:
            found[-1] |= 0x80
            found.append(size & 0x7F)
            size >>= 7
        return bytes(found)

    def length(size: int) -> bytes:
        return bytes([size & 0x7F | 0x80, size >> 7]) if size > 0x7F else bytes([size])

    rest = commit[shared:]
    delta = length(len(base)) + length(len(commit)) + bytes([0x90, shared]) + bytes([len(rest)]) + rest
    first = header(1, len(base)) + zlib.compress(base)
    second = header(6, len(delta)) + bytes([len(first)]) + zlib.compress(delta)
    base_name = sha1(b"commit %d\0" % len(base) + base, usedforsecurity=False).hexdigest()
    entries = sorted([(bytes.fromhex(base_name), 12), (bytes.fromhex(name), 12 + len(first))])
    fan = [sum(entry[0][0] <= byte for entry in entries) for byte in range(256)]
    index = b"\xfftOc\0\0\0\2" + struct.pack(">256I", *fan) + b"".join(entry[0] for entry in entries)
    index += b"\0" * 8 + b"".join(struct.pack(">I", entry[1]) for entry in entries) + b"\0" * 40
    return b"PACK\0\0\0\2\0\0\0\2" + first + second, index


def repositories(around: str = "layers-submissions/") -> Files:
    """Return clones side by side, as GitHub Classroom's tool makes them."""
    found = {}
    for login, seconds, packed in (("Ada-L", 1_790_000_000, False), ("joergm", 1_790_086_400, True)):
        above = f"{around}layers-{login}/"
        found |= {f"{above}.git/{name}": data for name, data in git_files(seconds, packed=packed).items()}
        found |= {f"{above}notebooks/06_layers.ipynb": work(login), f"{above}exercises/layers.py": RELU.encode()}
    return {**found, f"{around}README.md": b"of the organisation"}


def classroom50() -> Files:
    """Return what classroom50's tool downloads: clones under the classroom's name, and a table of times."""
    around = "dl26-layers_submissions_2026_10_03_T_10_00_00/"
    header = (
        "username,first_name,last_name,email,section,score,max_score,datetime,submission_tag,submitted_by,review_url,"
    )
    header += "late,override\n"
    rows = "Ada-L,Ada,Lovelace,ada@uni.example,,1,2,2026-10-02T12:00:00Z,submit/1,Ada-L,,true,\nghost,,,,,,,,,,,,\n"
    found = {
        f"{around}{name.split('/', 1)[1].replace('layers-', 'dl26-layers-', 1)}": data
        for name, data in repositories().items()
    }
    return {**found, f"{around}scores.csv": (header + rows).encode()}


def plain_folders() -> Files:
    """Return a folder a student, with an empty-handed one."""
    return {
        "ada/notebooks/06_layers.ipynb": work("ada"),
        "ada/exercises/layers.py": RELU.encode(),
        nfd("Jörg Müller/hw.ipynb"): work("jm"),
        "zoe@uni.example/layers.py": RELU.encode(),
        "smith/essay.pdf": b"%PDF",
        "README.md": b"",
    }


def plain_files() -> Files:
    """Return files with students' names, two of one student."""
    return {
        "ada_layers.ipynb": work("ada"),
        "ada_08_optimizers.ipynb": book("def sgd(): 1"),
        "lovelace.txt": b"",
        "jm.ipynb": work("jm"),
        "O'Brien Mary-Ann.zip": zipped({"06_layers.ipynb": work("mary")}),
        "broken.zip": b"no zip at all",
    }


def in_folder(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files into a folder; return it."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def zipped(files: Mapping[str, bytes], *, flag: bool = True, links: Mapping[str, str] | None = None) -> bytes:
    """Return files as a zip archive; without the flag of UTF-8, as an old Mac packs, names are UTF-8 all the same."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 10, 2, 12, 0, 0)), text)
        for name, target in (links or {}).items():
            info = zipfile.ZipInfo(name)
            info.external_attr = 0o120777 << 16
            archive.writestr(info, target)
    return data.getvalue() if flag else _without_flag(data.getvalue())


def _without_flag(data: bytes) -> bytes:
    """Take the mark of UTF-8 off all members."""
    found = bytearray(data)
    for sign, at in ((b"PK\3\4", 7), (b"PK\1\2", 9)):
        start = found.find(sign)
        while start >= 0:
            found[start + at] &= ~0x08
            start = found.find(sign, start + 4)
    return bytes(found)


def in_zip(path: Path, files: Mapping[str, bytes], *, flag: bool = True) -> Path:
    """Write files as a zip archive; return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(zipped(files, flag=flag))
    return path


LAYOUTS: dict[str, Files] = {
    "canvas": canvas(),
    "moodle": moodle(),
    "gradescope": gradescope(),
    "nbgrader": nbgrader(),
    "repositories": repositories(),
    "folders": plain_folders(),
    "files": plain_files(),
}
