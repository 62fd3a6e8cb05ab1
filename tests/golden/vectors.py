"""What layers.py is made of: layouts, seeded inputs, the form of a case, and the file written and compared."""

import json
import pathlib
import random
import sys

import torch

FILE = pathlib.Path(__file__).with_name("layers.json")
SECTIONS = ("layers", "losses", "optimisers", "schedules")
TOLERANCE = 1e-13


# Layouts.


def maps_in(x):
    """Ours to PyTorch's: (N, H, W, C) to (N, C, H, W); vectors stay."""
    return x.permute(0, 3, 1, 2) if x.dim() == 4 else x


def maps_out(x):
    """PyTorch's to ours."""
    return x.permute(0, 2, 3, 1) if x.dim() == 4 else x


def kernels_in(w):
    """(KH, KW, CI, CO) to (CO, CI, KH, KW)."""
    return w.permute(3, 2, 0, 1)


# Cases.


class Inputs:
    """Seeded uniform numbers on [-2, 2), those of one case."""

    def __init__(self, name):
        self.generator = random.Random(name)

    def tensor(self, *shape, low=-2.0, high=2.0):
        count = torch.Size(shape).numel()
        numbers = [low + (high - low) * self.generator.random() for _ in range(count)]
        return torch.tensor(numbers, dtype=torch.float64).reshape(shape)


def leaf(x):
    return x.clone().requires_grad_()


def case(kind, name, settings, given, expected):
    tensors = lambda table: {key: packed(value) for key, value in table.items()}
    return {"kind": kind, "name": name, "settings": settings, "given": tensors(given), "expected": tensors(expected)}


def packed(x):
    x = x.detach()
    return {"shape": list(x.shape), "data": [float(v) for v in x.reshape(-1)]}


# The file.


def written(golden):
    """JSON with one case a line; repr gives every double the digits that identify it."""
    sections = [f'"header": {json.dumps(golden["header"])}']
    for section in SECTIONS:
        cases = ",\n".join(json.dumps(one) for one in golden[section])
        sections.append(f'"{section}": [\n{cases}\n]')
    return "{\n" + ",\n".join(sections) + "\n}\n"


def differences(committed, made):
    """Every place at which two files differ by more than TOLERANCE of the tensor's largest entry."""
    found = []
    for section in SECTIONS:
        ours, theirs = ({one["name"]: one for one in golden[section]} for golden in (committed, made))
        if list(ours) != list(theirs):
            found.append(f"{section}: other cases")
            continue
        for name, one in ours.items():
            found += [f"{name}: {problem}" for problem in case_differences(one, theirs[name])]
    return found


def case_differences(ours, theirs):
    if (ours["kind"], ours["settings"]) != (theirs["kind"], theirs["settings"]):
        yield "other settings"
    for table in ("given", "expected"):
        if list(ours[table]) != list(theirs[table]):
            yield f"{table}: other tensors"
            continue
        for key, a in ours[table].items():
            b = theirs[table][key]
            allowed = TOLERANCE * max(map(abs, b["data"]), default=0.0)
            if a["shape"] != b["shape"]:
                yield f"{table} {key}: shape {a['shape']} for {b['shape']}"
            elif not all(abs(p - q) <= allowed for p, q in zip(a["data"], b["data"], strict=True)):
                yield f"{table} {key}: other values"


def check(made):
    committed = json.loads(FILE.read_text(encoding="utf-8"))
    # The comparison itself must be able to fail.
    spoilt = json.loads(written(made))
    spoilt["layers"][-1]["expected"]["dx"]["data"][3] *= 1.0 + 1e-6
    if len(differences(spoilt, made)) != 1:
        sys.exit("the comparison does not see a changed digit")
    found = differences(committed, made)
    if found:
        sys.exit("\n".join(found))
    count = sum(len(made[section]) for section in SECTIONS)
    print(f"{FILE.name}: {count} cases agree to {TOLERANCE}")
