"""The network of P1.2 between this workspace and PyTorch, in both directions.

1. PyTorch loads results/mnist.safetensors with strict=True and gives our 10,000 predictions.
2. A network that PyTorch trains for some hundred steps is saved in three forms: as it is, without
   `num_batches_tracked`, and with those of shape [1], which PyTorch takes for scalars too. `coursework mnist --model`
   gives PyTorch's 10,000 predictions of each, and `coursework predict --model` its answers to images in files.

The comparison is shown to fail on a transposed matrix, and on another normalisation, or on a missing tensor.

Usage: python with_pytorch.py COMMAND    (needs torch, numpy and safetensors; writes nothing into the repository)
"""

import sys

sys.dont_write_bytecode = True

import json
import struct
import tempfile
import zlib
from pathlib import Path

import numpy as np
import torch
from common import MODEL, Different, call, found, images, main, our_logits, same
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn

# One thread: others on the machine are waited for in loops otherwise, which takes longer than it saves.
torch.set_num_threads(1)
# What our command takes of a pixel when a file does not say it: mean and deviation of MNIST's training part.
NORMALISATION = (0.13066047627384286, 0.3081078038564627)
STEPS, BATCH = 200, 64
# Images that are asked about one by one.
ONE_BY_ONE = 40


class Network(nn.Module):
    """The assignment's network, with its names."""

    def __init__(self):
        super().__init__()

        def block(inputs, outputs, padding=0, *pool):
            convolution = nn.Conv2d(inputs, outputs, 3, padding=padding)
            return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True), *pool)

        self.layer1 = block(1, 16)
        self.layer2 = block(16, 16, 0, nn.MaxPool2d(2))
        self.layer3 = block(16, 64)
        self.layer4 = block(64, 64)
        self.layer5 = block(64, 64, 1, nn.MaxPool2d(2))
        self.fc = nn.Sequential(nn.Linear(1024, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10))

    def forward(self, x):
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4, self.layer5):
            x = layer(x)
        return self.fc(x.flatten(1))


def seen(pixels, normalisation):
    """What a network sees of pixels: (N, 1, 28, 28)."""
    mean, std = normalisation
    return torch.from_numpy((pixels.astype(np.float64) / 255 - mean) / std).float()


def their_logits(state, normalisation):
    """PyTorch's logits of the test images, (10000, 10), with these weights, which must be all and no others."""
    network = Network()
    network.load_state_dict(state, strict=True)
    network.eval()
    with torch.inference_mode():
        parts = seen(images("t10k")[0], normalisation).split(500)
        return torch.cat([network(part) for part in parts]).numpy()


def transposed(state):
    return {**state, "fc.2.weight": state["fc.2.weight"].T.contiguous()}


def pytorch_takes_our_network(command):
    state = load_file(MODEL)
    with safe_open(MODEL, "pt") as file:
        said = file.metadata()
    normalisation = float(said["input_mean"]), float(said["input_std"])
    with tempfile.TemporaryDirectory() as folder:
        ours = our_logits(command, MODEL, folder)
    same("our network in PyTorch", ours, their_logits(state, normalisation))
    found("a transposed matrix", ours, their_logits(transposed(state), normalisation))
    found("another normalisation", ours, their_logits(state, (0.5, 0.5)))
    try:
        their_logits({name: tensor for name, tensor in state.items() if name != "fc.4.bias"}, normalisation)
    except RuntimeError:
        print("control, found: PyTorch refuses our network without one of its tensors")
    else:
        raise Different("PyTorch took a network without one of its tensors")


def trained():
    """The state of a network after some steps of gradient descent."""
    torch.manual_seed(1)
    pixels, labels = images("train")
    x, y = seen(pixels[: STEPS * BATCH], NORMALISATION), torch.from_numpy(labels[: STEPS * BATCH].copy())
    network, loss = Network(), nn.CrossEntropyLoss()
    optimiser = torch.optim.SGD(network.parameters(), lr=0.02, momentum=0.9, nesterov=True)
    for rows in torch.randperm(len(x)).split(BATCH):
        optimiser.zero_grad(set_to_none=True)
        loss(network(x[rows]), y[rows]).backward()
        optimiser.step()
    return network.state_dict()


def png(pixels):
    """An image in grey, (H, W), as the bytes of a PNG file."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def answers_one_by_one(command, model, folder, logits):
    """`predict` gives PyTorch's probabilities for images in files, to 1e-5."""
    files = []
    for i, pixels in enumerate(images("t10k")[0][:ONE_BY_ONE, 0]):
        files.append(folder / f"{i}.png")
        files[-1].write_bytes(png(pixels.astype(np.uint8)))
    lines = call(command, "predict", "--json", "--prepared", "--model", model, *files).splitlines()
    ours = np.array([json.loads(line)["probabilities"] for line in lines])
    theirs = torch.from_numpy(logits[:ONE_BY_ONE].astype(np.float64)).softmax(1).numpy()
    if (ours.argmax(1) != theirs.argmax(1)).any() or np.abs(ours - theirs).max() > 1e-5:
        raise Different(f"predict: probabilities are {np.abs(ours - theirs).max():.2g} apart")
    print(f"predict: {ONE_BY_ONE} images as PyTorch, probabilities at most {np.abs(ours - theirs).max():.1e} apart")


def we_take_a_network_of_pytorch(command):
    state = {name: tensor.contiguous() for name, tensor in trained().items()}
    theirs = their_logits(state, NORMALISATION)
    counts = {name for name in state if name.endswith("num_batches_tracked")}
    forms = {
        "trained in PyTorch": state,
        "the same without num_batches_tracked": {name: state[name] for name in state if name not in counts},
        "the same with those of shape [1]": {
            name: tensor.reshape(1) if name in counts else tensor for name, tensor in state.items()
        },
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = folder / "model.safetensors"
        for form, tensors in forms.items():
            save_file(tensors, model)
            same(form, our_logits(command, model, folder), theirs)
            answers_one_by_one(command, model, folder, theirs)
        save_file(transposed(state), model)
        found("a transposed matrix", our_logits(command, model, folder), theirs)
        # A file that says its normalisation is used with that one.
        other = their_logits(state, (0.5, 0.5))
        save_file(state, model)
        found("a normalisation that is not said", our_logits(command, model, folder), other)
        save_file(state, model, metadata={"input_mean": "0.5", "input_std": "0.5"})
        same("another normalisation, which the file says", our_logits(command, model, folder), other)
        save_file({name: tensor.half() for name, tensor in state.items() if name not in counts}, model)
        print("control, found:", call(command, "mnist", "--model", model, fails=True).strip())
        torch.save(state, model)
        print("control, found:", call(command, "mnist", "--model", model, fails=True).strip())


if __name__ == "__main__":
    main([pytorch_takes_our_network, we_take_a_network_of_pytorch])
