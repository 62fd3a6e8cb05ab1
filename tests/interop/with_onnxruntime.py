"""Our network as ONNX, in onnxruntime: it gives our 10,000 predictions, of pixels as they are in MNIST's files.

The comparison is shown to fail on a transposed matrix, and on pixels that were scaled before.

Usage: python with_onnxruntime.py COMMAND    (needs onnx, onnxruntime and numpy; writes nothing into the repository)
"""

import sys

sys.dont_write_bytecode = True

import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from common import MODEL, Different, call, found, images, main, our_logits, same
from onnx import numpy_helper


def their_logits(model, pixels, batch):
    """onnxruntime's logits, (N, 10), asked for so many images at a time."""
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    parts = [session.run(["logits"], {"pixels": part})[0] for part in np.split(pixels, len(pixels) // batch)]
    return np.concatenate(parts)


def with_transposed(model, name):
    changed = onnx.ModelProto.FromString(model.SerializeToString())
    for tensor in changed.graph.initializer:
        if tensor.name == name:
            tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).T.copy(), name))
    return changed


def onnxruntime_takes_our_network(command):
    pixels, _ = images("t10k")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.onnx"
        ours = our_logits(command, MODEL, folder, "--onnx", file)
        # It holds what the standard asks for, with shapes that follow from each other.
        onnx.checker.check_model(file, full_check=True)
        model = onnx.load(file)
    said = {entry.key: entry.value for entry in model.metadata_props}
    if not said["normalisation"].startswith("in the graph") or said["classes"] != "0,1,2,3,4,5,6,7,8,9":
        raise Different(f"the metadata says {said}")
    same("our network in onnxruntime", ours, their_logits(model, pixels, 500))
    same("the first 200, one by one", ours[:200], their_logits(model, pixels[:200], 1))
    found("a transposed matrix", ours, their_logits(with_transposed(model, "fc.2.weight"), pixels, 500))
    found("pixels that were scaled before", ours, their_logits(model, pixels / 255, 500))


def a_shorter_network_goes_the_same_way(command):
    """Of the sprint to 99.0 %: other kernels and poolings. It is trained for one epoch of 640 images."""
    pixels, _ = images("t10k")
    with tempfile.TemporaryDirectory() as name:
        trained, file = Path(name) / "sprint.safetensors", Path(name) / "sprint.onnx"
        recipe = ("--recipe", "sprint-99.0")
        call(command, "mnist", *recipe, "--epochs", 1, "--limit", 640, "--test-limit", 1, "--save", trained)
        ours = our_logits(command, trained, name, *recipe, "--onnx", file)
        model = onnx.load(file)
    same("the sprint's network in onnxruntime", ours, their_logits(model, pixels, 500))


if __name__ == "__main__":
    main([onnxruntime_takes_our_network, a_shorter_network_goes_the_same_way])
