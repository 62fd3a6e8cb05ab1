"""What both sides of an exchange share: the images, our command, and the comparison of two answers.

Predictions must be equal on all images. Another order of summation rounds otherwise, so an image whose two largest
logits are closer than TIE may be answered by either of the two: such images are counted and shown, and every other
difference fails.
"""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "results" / "mnist.safetensors"
# The two largest logits of an image are taken for equal below this.
TIE = 1e-4
TEST_IMAGES = 10_000


class Different(Exception):
    """Two sides do not give the same answers."""


def images(part):
    """Pixels of an MNIST file, (N, 1, 28, 28), 0 to 255, and their labels, (N)."""

    def content(name, header):
        data = gzip.decompress((ROOT / "data" / "mnist" / name).read_bytes())
        return np.frombuffer(data, np.uint8, offset=header)

    pixels = content(f"{part}-images-idx3-ubyte.gz", 16).reshape(-1, 1, 28, 28)
    return pixels.astype(np.float32), content(f"{part}-labels-idx1-ubyte.gz", 8).astype(np.int64)


def call(command, *args, fails=False):
    """What our command prints. It has to end well, or if `fails` is said, to refuse: then its message."""
    done = subprocess.run([command, *map(str, args)], cwd=ROOT, capture_output=True, text=True)
    if (done.returncode == 0) == fails:
        raise Different(f"{' '.join(map(str, args))}: exit code {done.returncode}: {done.stderr}{done.stdout}")
    return done.stderr if fails else done.stdout


def our_logits(command, model, folder, *more):
    """Our logits of the test images, (10000, 10); their right answers have to be those of the JSON."""
    logits, said = Path(folder) / "ours.npy", Path(folder) / "ours.json"
    call(command, "mnist", "--model", model, "--logits", logits, "--json", said, *more)
    ours = np.load(logits)
    if ours.shape != (TEST_IMAGES, 10) or ours.dtype != np.float32:
        raise Different(f"the array is {ours.dtype} {ours.shape}")
    right = int((ours.argmax(1) == images("t10k")[1]).sum())
    counted = json.loads(said.read_text())["evaluation"]["test"]["correct"]
    if right != counted:
        raise Different(f"{right} of our predictions are right, and our command counted {counted}")
    return ours


def same(name, ours, theirs):
    """Prints what is equal, or raises Different."""
    if ours.shape != theirs.shape or not np.isfinite(theirs).all():
        raise Different(f"{name}: {ours.shape} and {theirs.shape}, or numbers that are not finite")
    flipped = np.flatnonzero(ours.argmax(1) != theirs.argmax(1))
    # Between the two largest logits, on the side where they lie farther apart.
    margins = [np.ptp(np.sort(side[flipped], 1)[:, -2:], axis=1) for side in (ours, theirs)]
    margin = np.maximum(*margins)
    if (margin > TIE).any():
        worst = flipped[margin.argmax()]
        raise Different(
            f"{name}: {len(flipped)} of {len(ours)} predictions differ, the first {flipped[0]}; image {worst} by a"
            f" margin of {margin.max():.2g}"
        )
    apart = np.abs(ours - theirs).max()
    ties = f", but for {len(flipped)} ties of {margin.max():.1e} at most: {list(flipped)}" if len(flipped) else ""
    print(f"{name}: {len(ours)} equal predictions{ties}; logits at most {apart:.1e} apart", flush=True)


def found(name, ours, theirs):
    """The negative control: `same` must raise."""
    try:
        same(name, ours, theirs)
    except Different as error:
        print(f"control, found: {error}", flush=True)
    else:
        raise Different(f"{name}: this fault was not found")


def main(checks):
    """Calls each check with our command, which is the only argument; exit code 1 when one does not hold."""
    if len(sys.argv) != 2:
        sys.exit(f"usage: python {sys.argv[0]} COMMAND, such as target/debug/coursework")
    command = str(Path(sys.argv[1]).resolve())
    failed = 0
    for check in checks:
        try:
            check(command)
        except Different as error:
            print(f"FAILED: {check.__name__}: {error}", file=sys.stderr, flush=True)
            failed += 1
    print(f"{len(checks) - failed} passed, {failed} failed", flush=True)
    sys.exit(min(failed, 1))
