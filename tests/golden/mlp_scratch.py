"""Golden vectors of `mlp-scratch`: the same network in PyTorch, double precision, one thread.

    python tests/golden/mlp_scratch.py            writes mlp_scratch.json beside this file
    python tests/golden/mlp_scratch.py --check    makes it again and compares every number with the file to 1e-13

Inputs and parameters come from Python's own generator, so they do not depend on the version of torch. Two networks (one with more classes than examples), each with three losses, two L2 strengths and two learning rates.
The gradients come from autograd of the objective with the penalty written out; the five steps come from
torch.optim.SGD with weight_decay on the weights alone, which is a second way to the same penalty.
Weights are stored as (inputs, outputs), the transpose of torch.nn.Linear's.
"""

import json
import pathlib
import platform
import random
import sys

import torch
from torch import nn
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)

LOSSES = {
    "mean_squared_error": lambda z, labels: F.mse_loss(z, F.one_hot(labels, z.shape[1]).to(z.dtype)),
    "half_squared_error_sum": lambda z, labels: 0.5
    * F.mse_loss(z, F.one_hot(labels, z.shape[1]).to(z.dtype), reduction="sum"),
    "softmax_cross_entropy": F.cross_entropy,
}
FILE = pathlib.Path(__file__).with_name("mlp_scratch.json")
NETWORKS = [
    {"seed": 1, "examples": 5, "inputs": 4, "hidden": 3, "outputs": 3},
    {"seed": 2, "examples": 3, "inputs": 2, "hidden": 5, "outputs": 4},
]
L2 = [0.05, 0.3]
LEARNING_RATES = [0.1, 0.7]
STEPS = 5
CHECK_TOLERANCE = 1e-13


def uniform(generator, shape, bound):
    count = torch.Size(shape).numel()
    return torch.tensor([generator.uniform(-bound, bound) for _ in range(count)]).reshape(shape)


def build(sizes):
    return nn.Sequential(
        nn.Linear(sizes["inputs"], sizes["hidden"]), nn.Sigmoid(), nn.Linear(sizes["hidden"], sizes["outputs"])
    )


def weights(net):
    return [net[0].weight, net[2].weight]


def parameters(net):
    return {
        "w1": net[0].weight.detach().T.tolist(),
        "b1": net[0].bias.tolist(),
        "w2": net[2].weight.detach().T.tolist(),
        "b2": net[2].bias.tolist(),
    }


def gradients(net, loss, l2, inputs, labels):
    net.zero_grad()
    x = inputs.clone().requires_grad_()
    value = loss(net(x), labels)
    objective = value + l2 / 2 * sum((w * w).sum() for w in weights(net))
    objective.backward()
    return {
        "loss_value": value.item(),
        "objective": objective.item(),
        "dw1": net[0].weight.grad.T.tolist(),
        "db1": net[0].bias.grad.tolist(),
        "dw2": net[2].weight.grad.T.tolist(),
        "db2": net[2].bias.grad.tolist(),
        "dx": x.grad.tolist(),
    }


def run(sizes, state, loss, l2, rate, inputs, labels):
    net = build(sizes)
    net.load_state_dict(state)
    biases = [net[0].bias, net[2].bias]
    groups = [{"params": weights(net), "weight_decay": l2}, {"params": biases, "weight_decay": 0.0}]
    optimiser = torch.optim.SGD(groups, lr=rate)
    losses = []
    for _ in range(STEPS):
        optimiser.zero_grad()
        value = loss(net(inputs), labels)
        losses.append(value.item())
        value.backward()
        optimiser.step()
    return {"learning_rate": rate, "losses": losses, "after": parameters(net)}


def network(sizes):
    generator = random.Random(sizes["seed"])
    net = build(sizes)
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.copy_(uniform(generator, parameter.shape, 1.0))
    inputs = uniform(generator, (sizes["examples"], sizes["inputs"]), 2.0)
    labels = torch.tensor([generator.randrange(sizes["outputs"]) for _ in range(sizes["examples"])])
    objectives = []
    for name, loss in LOSSES.items():
        for l2 in L2:
            runs = [run(sizes, net.state_dict(), loss, l2, rate, inputs, labels) for rate in LEARNING_RATES]
            objectives.append({"loss": name, "l2": l2, **gradients(net, loss, l2, inputs, labels), "runs": runs})
    return {
        "inputs": inputs.tolist(),
        "labels": labels.tolist(),
        "parameters": parameters(net),
        "outputs": net(inputs).tolist(),
        "objectives": objectives,
    }


def written(value, indent=""):
    """JSON with one row of a matrix, or one vector, on a line."""
    inner = indent + " "
    if isinstance(value, dict):
        items = [f"{inner}{json.dumps(k)}: {written(v, inner)}" for k, v in value.items()]
        return "{\n" + ",\n".join(items) + f"\n{indent}}}"
    if isinstance(value, list) and isinstance(value[0], (list, dict)):
        return "[\n" + ",\n".join(inner + written(v, inner) for v in value) + f"\n{indent}]"
    return json.dumps(value)


def golden():
    return {
        "made_by": "tests/golden/mlp_scratch.py",
        "torch": torch.__version__.split("+")[0],
        "python": platform.python_version(),
        "dtype": "float64",
        "networks": [network(sizes) for sizes in NETWORKS],
    }


def differences(ours, theirs, place):
    """Every place at which two values differ, numbers by more than CHECK_TOLERANCE of the larger."""
    if isinstance(ours, dict) and isinstance(theirs, dict) and list(ours) == list(theirs):
        return [d for key in ours for d in differences(ours[key], theirs[key], f"{place}.{key}")]
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        return [d for i, pair in enumerate(zip(ours, theirs)) for d in differences(*pair, f"{place}[{i}]")]
    if isinstance(ours, float) and isinstance(theirs, float):
        return [] if abs(ours - theirs) <= CHECK_TOLERANCE * max(1.0, abs(ours), abs(theirs)) else [place]
    return [] if ours == theirs else [place]


def check(committed, made):
    # The comparison itself must be able to fail.
    spoilt = json.loads(json.dumps(made))
    spoilt[0]["objectives"][0]["runs"][1]["after"]["w2"][1][0] += 1e-9
    if len(differences(spoilt, made, "networks")) != 1:
        sys.exit("the comparison does not see a changed digit")
    found = differences(committed, made, "networks")
    if found:
        sys.exit(f"{FILE.name} differs from what is made now at {', '.join(found)}")
    print(f"{FILE.name}: every number agrees to {CHECK_TOLERANCE}")


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        check(json.loads(FILE.read_text(encoding="utf-8"))["networks"], golden()["networks"])
    elif sys.argv[1:]:
        sys.exit(__doc__)
    else:
        FILE.write_text(written(golden()) + "\n", encoding="utf-8")
