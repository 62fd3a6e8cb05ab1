"""The P1.2 network in PyTorch, timed on request: the other side of `make bench-peers`.

The driver, `crates/coursework/benches/machine/peers.rs`, sends one JSON object a line and waits for one in return, so
that the two never compute at the same time (idle threads of torch spin for some milliseconds and then sleep):

    {"do": "step", "variant": NAME, "threads": N, "count": N}      training steps on batches of 64
    {"do": "evaluate", "variant": NAME, "threads": N}              the 10,000 test images

Answers hold "seconds" and, of an evaluation, the size of the "batch". The first line of all says the "version", or
"error" where there is no torch. What torch prepares once (memory layouts, compiled primitives) is not timed then: every
variant makes a few steps beforehand, and every request one more.

With --epoch it waits for nothing: it loads the images, trains one epoch of the first of them in random order, tests,
and ends with one JSON object: the "seconds" of the steps alone, and how many answers are "right" "of" so many. The
driver takes the time of the process.

Usage: python pytorch.py DATA_FOLDER
       python pytorch.py DATA_FOLDER --epoch VARIANT THREADS IMAGES
"""

import gzip
import json
import sys
import time
from pathlib import Path


def say(answer):
    print(json.dumps(answer), flush=True)


try:
    import torch
    from torch import nn
except ImportError as error:
    say({"error": str(error)})
    sys.exit(0)

BATCH = 64
TRAIN_MEAN, TRAIN_STD = 0.13066047627384286, 0.3081078038564627
VARIANTS = ["default", "channels-last", "bf16 channels-last"]
EVALUATION_BATCHES = [200, 500, 1000, 2000]
# Of a whole process, which has no time to try.
EVALUATION_BATCH = 500


def network():
    def block(inputs, outputs, padding=0):
        return [nn.Conv2d(inputs, outputs, 3, padding=padding), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)]

    torch.manual_seed(1)
    return nn.Sequential(
        *block(1, 16),
        *block(16, 16),
        nn.MaxPool2d(2),
        *block(16, 64),
        *block(64, 64),
        *block(64, 64, padding=1),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(1024, 128),
        nn.ReLU(inplace=True),
        nn.Linear(128, 128),
        nn.ReLU(inplace=True),
        nn.Linear(128, 10),
    )


def images(folder, part):
    """The images of an MNIST file as the network gets them, and their labels."""
    pixels = gzip.decompress((folder / f"{part}-images-idx3-ubyte.gz").read_bytes())[16:]
    labels = gzip.decompress((folder / f"{part}-labels-idx1-ubyte.gz").read_bytes())[8:]
    x = torch.frombuffer(bytearray(pixels), dtype=torch.uint8).float().reshape(-1, 1, 28, 28) / 255
    return (x - TRAIN_MEAN) / TRAIN_STD, torch.frombuffer(bytearray(labels), dtype=torch.uint8).long()


class Variant:
    def __init__(self, name, train, test):
        self.bf16 = name.startswith("bf16")
        self.layout = torch.channels_last if "channels-last" in name else torch.contiguous_format
        self.network = network().to(memory_format=self.layout)
        self.test = test.contiguous(memory_format=self.layout)
        self.train = train
        self.batches = [self.batch(slice(i * BATCH, (i + 1) * BATCH)) for i in range(10)]
        self.optimiser = torch.optim.SGD(
            self.network.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4, nesterov=True, fused=True
        )
        self.loss = nn.CrossEntropyLoss()
        self.evaluation_batch = None

    def batch(self, rows):
        x, labels = self.train
        return x[rows].contiguous(memory_format=self.layout), labels[rows]

    def forward(self, x):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.bf16):
            return self.network(x)

    def step(self, x, labels):
        self.optimiser.zero_grad(set_to_none=True)
        loss = self.loss(self.forward(x).float(), labels)
        loss.backward()
        self.optimiser.step()
        loss.item()

    def steps(self, count):
        self.network.train()
        for i in range(count):
            self.step(*self.batches[i % len(self.batches)])

    def epoch(self):
        self.network.train()
        for rows in torch.randperm(len(self.train[0])).split(BATCH):
            self.step(*self.batch(rows))

    def evaluate(self, batch, count=None):
        self.network.eval()
        test = self.test[:count]
        with torch.inference_mode():
            return torch.cat([self.forward(x).argmax(1) for x in test.split(batch)])


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def answer(request, variants):
    variant = variants[request["variant"]]
    torch.set_num_threads(request["threads"])
    if request["do"] == "step":
        variant.steps(1)
        return {"seconds": timed(lambda: variant.steps(request["count"]))}
    if variant.evaluation_batch is None:
        few = max(EVALUATION_BATCHES)
        # The second time of each counts.
        times = {n: timed(lambda: variant.evaluate(n, few)) for n in EVALUATION_BATCHES for _ in range(2)}
        variant.evaluation_batch = min(times, key=times.get)
    batch = variant.evaluation_batch
    variant.evaluate(batch, count=batch)
    return {"seconds": timed(lambda: variant.evaluate(batch)), "batch": batch}


def whole_epoch(folder, name, threads, count):
    torch.set_num_threads(threads)
    x, labels = images(folder, "train")
    test, digits = images(folder, "t10k")
    variant = Variant(name, (x[:count], labels[:count]), test)
    seconds = timed(variant.epoch)
    right = int((variant.evaluate(EVALUATION_BATCH) == digits).sum())
    say({"seconds": seconds, "right": right, "of": len(digits)})


def main():
    folder = Path(sys.argv[1]) / "mnist"
    if sys.argv[2:3] == ["--epoch"]:
        name, threads, count = sys.argv[3:]
        whole_epoch(folder, name, int(threads), int(count))
        return
    train, (test, _) = images(folder, "train"), images(folder, "t10k")
    variants = {name: Variant(name, train, test) for name in VARIANTS}
    for variant in variants.values():
        variant.steps(3)
    say({"version": torch.__version__, "variants": VARIANTS})
    for line in sys.stdin:
        say(answer(json.loads(line), variants))


if __name__ == "__main__":
    main()
