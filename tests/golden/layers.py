"""Golden vectors of every layer, loss, optimiser and schedule, from PyTorch in double precision on the CPU.

    python tests/golden/layers.py            writes layers.json beside this file
    python tests/golden/layers.py --check    makes everything again and compares with the committed file to 1e-13

Needs torch. Inputs come from Python's own generator (seeded with the case's name), so they do not depend on the version of
torch. PyTorch computes in its own layouts; this script converts on the way in and out, and the file holds ours:

    images and maps     (N, C, H, W)      here (N, H, W, C)
    convolution         (CO, CI, KH, KW)  here (KH, KW, CI, CO)
    linear              (O, I)            here (I, O)

The vectors of flatten are in (C, H, W) order there and here, although our maps lie as (H, W, C).

A case is {"kind", "name", "settings": {name: number}, "given": {name: tensor}, "expected": {name: tensor}}, a tensor
{"shape": [...], "data": [...]} in row-major order. d + name is the gradient by it, for the cotangent that `given` holds;
flags are 0 or 1.
"""

import argparse
import platform
import sys

import torch
import torch.nn.functional as F

sys.dont_write_bytecode = True  # no __pycache__ beside the golden vectors
from vectors import FILE, Inputs, case, check, kernels_in, leaf, maps_in, maps_out, written


# Layers and losses.


def linear(name, examples, inputs, outputs):
    make = Inputs(name)
    x, w, b = (leaf(make.tensor(*s)) for s in ((examples, inputs), (inputs, outputs), (outputs,)))
    dy = make.tensor(examples, outputs)
    y = F.linear(x, w.T, b)
    y.backward(dy)
    given = {"x": x, "weight": w, "bias": b, "dy": dy}
    return case("linear", name, {}, given, {"y": y, "dx": x.grad, "dweight": w.grad, "dbias": b.grad})


def conv2d(name, image, kernel, outputs, padding):
    make = Inputs(name)
    x, w, b = (leaf(make.tensor(*s)) for s in (image, (*kernel, image[3], outputs), (outputs,)))
    y = maps_out(F.conv2d(maps_in(x), kernels_in(w), b, padding=padding))
    dy = make.tensor(*y.shape)
    y.backward(dy)
    given = {"x": x, "weight": w, "bias": b, "dy": dy}
    expected = {"y": y, "dx": x.grad, "dweight": w.grad, "dbias": b.grad}
    return case("conv2d", name, {"padding": padding}, given, expected)


def batch_norm(name, shape, momentum, eps):
    """Two training batches one after the other, then one in inference mode."""
    make, channels = Inputs(name), shape[-1]
    layer = (torch.nn.BatchNorm2d if len(shape) == 4 else torch.nn.BatchNorm1d)(
        channels, eps=eps, momentum=momentum, dtype=torch.float64
    )
    start = {
        "gamma": make.tensor(channels),
        "beta": make.tensor(channels),
        "running_mean": make.tensor(channels),
        "running_var": make.tensor(channels, low=0.5, high=2.0),
    }
    theirs = {"gamma": "weight", "beta": "bias"}
    state = {theirs.get(key, key): value for key, value in start.items()}
    layer.load_state_dict(state | {"num_batches_tracked": torch.tensor(0)})
    given, expected = dict(start), {}
    for batch in ("first", "second", "inference"):
        layer.train(batch != "inference")
        layer.zero_grad()
        x, dy = leaf(make.tensor(*shape)), make.tensor(*shape)
        y = maps_out(layer(maps_in(x)))
        y.backward(dy)
        given |= {f"x_{batch}": x, f"dy_{batch}": dy}
        results = {"y": y, "dx": x.grad, "dgamma": layer.weight.grad, "dbeta": layer.bias.grad}
        results |= {"running_mean": layer.running_mean, "running_var": layer.running_var}
        expected |= {f"{key}_{batch}": value.clone() for key, value in results.items()}
    return case("batch_norm", name, {"momentum": momentum, "eps": eps}, given, expected)


def max_pool(name, image, window, levels=None):
    """With `levels`, the inputs are rounded to so many values, so that nearly every window holds a tie."""
    make = Inputs(name)
    x = make.tensor(*image)
    x = leaf(x if levels is None else torch.round(x * levels / 4.0))
    y = maps_out(F.max_pool2d(maps_in(x), window))
    dy = make.tensor(*y.shape)
    y.backward(dy)
    return case("max_pool", name, {"window": window}, {"x": x, "dy": dy}, {"y": y, "dx": x.grad})


def activation(name, kind, shape, slope=None):
    """The first entries of z are the kink, both zeros, and the far ends."""
    make = Inputs(name)
    z = make.tensor(*shape)
    z.reshape(-1)[:4] = torch.tensor([0.0, -0.0, 30.0, -30.0], dtype=torch.float64)
    z, dy = leaf(z), make.tensor(*shape)
    given, settings, expected = {"z": z, "dy": dy}, {}, {}
    if kind == "prelu":
        a = leaf(torch.tensor([slope], dtype=torch.float64))
        y = F.prelu(z, a)
        y.backward(dy)
        settings, expected = {"slope": slope}, {"dslope": a.grad}
    else:
        y = getattr(torch, kind)(z)
        y.backward(dy)
    return case(kind, name, settings, given, {"y": y, "dz": z.grad} | expected)


def flatten_linear(name, image, outputs):
    """Flatten, then a linear layer, whose weights are only transposed: the order of the vectors is PyTorch's."""
    make, (_, h, w, c) = Inputs(name), image
    x, weight, b = (leaf(make.tensor(*s)) for s in (image, (c * h * w, outputs), (outputs,)))
    y = F.linear(torch.flatten(maps_in(x), 1), weight.T, b)
    dy = make.tensor(*y.shape)
    y.backward(dy)
    given = {"x": x, "weight": weight, "bias": b, "dy": dy}
    expected = {"y": y, "dx": x.grad, "dweight": weight.grad, "dbias": b.grad}
    return case("flatten_linear", name, {}, given, expected)


def softmax_cross_entropy(name, examples, classes, dloss, scale):
    make = Inputs(name)
    z = leaf(scale * make.tensor(examples, classes))
    labels = torch.tensor([make.generator.randrange(classes) for _ in range(examples)])
    mean, each = F.cross_entropy(z, labels), F.cross_entropy(z, labels, reduction="none")
    (dloss * mean).backward()
    given = {"logits": z, "labels": labels}
    expected = {"mean_nats": mean.reshape(1), "per_sample_nats": each, "dlogits": z.grad}
    return case("softmax_cross_entropy", name, {"dloss": dloss}, given, expected)


# Optimisers and schedules.


RATES = [0.1, 0.1, 0.05, 0.05, 0.2]


def optimiser(kind, name, settings, state, build, learning_rates):
    """Five steps along given gradients; `state` maps our names of the optimiser's memory to PyTorch's."""
    make, parameters = Inputs(name), 4
    w = leaf(make.tensor(parameters))
    given = {"weights": w.clone(), "gradients": make.tensor(5, parameters)}
    given["learning_rates"] = torch.tensor(learning_rates, dtype=torch.float64)
    steps = build([w], learning_rates[0])
    rows = {"weights": []} | {ours: [] for ours in state}
    for gradient, rate in zip(given["gradients"], learning_rates):
        steps.param_groups[0]["lr"] = rate
        w.grad = gradient.clone()
        steps.step()
        rows["weights"].append(w.detach().clone())
        for ours, theirs in state.items():
            rows[ours].append(steps.state[w][theirs].clone())
    return case(kind, name, settings, given, {key: torch.stack(value) for key, value in rows.items()})


def sgd(name, momentum, decay, nesterov, learning_rates):
    build = lambda w, lr: torch.optim.SGD(w, lr=lr, momentum=momentum, weight_decay=decay, nesterov=nesterov)
    settings = {"momentum": momentum, "weight_decay": decay, "nesterov": int(nesterov)}
    # Without momentum PyTorch keeps no buffer.
    state = {"velocity": "momentum_buffer"} if momentum else {}
    return optimiser("sgd", name, settings, state, build, learning_rates)


def adam(name, betas, eps, decay, learning_rates):
    build = lambda w, lr: torch.optim.Adam(w, lr=lr, betas=betas, eps=eps, weight_decay=decay)
    settings = {"beta1": betas[0], "beta2": betas[1], "eps": eps, "weight_decay": decay}
    state = {"first_moment": "exp_avg", "second_moment": "exp_avg_sq"}
    return optimiser("adam", name, settings, state, build, learning_rates)


def schedule(kind, name, settings, build, steps=12):
    """The learning rate of each step, the first one included, before the step is made."""
    steps_of = torch.optim.SGD([leaf(torch.zeros(1, dtype=torch.float64))], lr=settings["learning_rate"])
    rates, clock = [], build(steps_of, settings)
    for i in range(steps):
        rates.append(steps_of.param_groups[0]["lr"])
        steps_of.step()
        if i + 1 < steps:
            clock.step()
    return case(kind, name, settings, {}, {"learning_rates": torch.tensor(rates, dtype=torch.float64)})


def step_lr(name, learning_rate, step_size, gamma):
    build = lambda o, s: torch.optim.lr_scheduler.StepLR(o, s["step_size"], gamma=s["gamma"])
    settings = {"learning_rate": learning_rate, "step_size": step_size, "gamma": gamma}
    return schedule("step", name, settings, build)


def cosine(name, learning_rate, t_max, eta_min):
    build = lambda o, s: torch.optim.lr_scheduler.CosineAnnealingLR(o, s["t_max"], eta_min=s["eta_min"])
    settings = {"learning_rate": learning_rate, "t_max": t_max, "eta_min": eta_min}
    return schedule("cosine", name, settings, build)


def one_cycle(name, max_lr, total_steps, pct_start, div_factor, final_div_factor):
    """Cosine annealing in two phases, the momentum left alone. `learning_rate` is overwritten by PyTorch: max_lr / div_factor."""
    shape = {"pct_start": pct_start, "div_factor": div_factor, "final_div_factor": final_div_factor}
    shape |= {"total_steps": total_steps, "anneal_strategy": "cos", "cycle_momentum": False}
    build = lambda o, s: torch.optim.lr_scheduler.OneCycleLR(o, s["max_lr"], **shape)
    settings = {"learning_rate": max_lr, "max_lr": max_lr}
    settings |= {key: value for key, value in shape.items() if key not in ("anneal_strategy", "cycle_momentum")}
    return schedule("one_cycle", name, settings, build, steps=total_steps)


# The cases.


def everything():
    one = [0.1] * 5
    return {
        "header": {
            "generator": "tests/golden/layers.py",
            "torch": torch.__version__.split("+")[0],
            "python": platform.python_version(),
            "precision": "float64, written with the digits that identify a double",
        },
        "layers": [
            linear("linear_2x3x4", 2, 3, 4),
            linear("linear_5x4x3", 5, 4, 3),
            linear("linear_9x5x25", 9, 5, 25),
            conv2d("conv2d_3x3_no_padding", (2, 5, 4, 1), (3, 3), 2, 0),
            conv2d("conv2d_3x3_padding_1", (2, 4, 4, 2), (3, 3), 3, 1),
            conv2d("conv2d_2x2_padding_1", (1, 3, 5, 3), (2, 2), 2, 1),
            conv2d("conv2d_2x3_padding_2", (2, 3, 4, 2), (2, 3), 3, 2),
            conv2d("conv2d_3x3_padding_2_of_25_channels", (2, 3, 3, 2), (3, 3), 25, 2),
            batch_norm("batch_norm_maps_momentum_0.1", (2, 3, 2, 3), 0.1, 1e-5),
            batch_norm("batch_norm_maps_momentum_0.3", (3, 2, 2, 2), 0.3, 1e-2),
            batch_norm("batch_norm_vectors_momentum_0.1", (5, 3), 0.1, 1e-3),
            batch_norm("batch_norm_vectors_momentum_0.7", (4, 2), 0.7, 1e-5),
            batch_norm("batch_norm_maps_of_17_channels", (2, 2, 2, 17), 0.2, 1e-4),
            max_pool("max_pool_2", (2, 4, 6, 2), 2),
            max_pool("max_pool_3", (2, 6, 3, 2), 3),
            max_pool("max_pool_2_of_odd_sides", (1, 5, 7, 2), 2),
            max_pool("max_pool_2_with_ties", (2, 6, 6, 2), 2, levels=2),
            max_pool("max_pool_3_with_ties", (2, 6, 6, 1), 3, levels=3),
            activation("relu_vectors", "relu", (4, 5)),
            activation("relu_maps", "relu", (2, 3, 2, 2)),
            activation("sigmoid_vectors", "sigmoid", (4, 5)),
            activation("sigmoid_maps", "sigmoid", (2, 3, 2, 2)),
            activation("tanh_vectors", "tanh", (4, 5)),
            activation("tanh_maps", "tanh", (2, 3, 2, 2)),
            activation("prelu_vectors_slope_0.25", "prelu", (4, 5), slope=0.25),
            activation("prelu_maps_slope_0.4", "prelu", (2, 3, 2, 2), slope=0.4),
            flatten_linear("flatten_linear_2x3x2", (2, 2, 3, 2), 3),
            flatten_linear("flatten_linear_3x2x4", (3, 3, 2, 4), 2),
        ],
        "losses": [
            softmax_cross_entropy("softmax_cross_entropy_3_classes", 4, 3, 0.7, 1.0),
            softmax_cross_entropy("softmax_cross_entropy_10_classes", 3, 10, 1.3, 2.0),
            softmax_cross_entropy("softmax_cross_entropy_of_huge_logits", 5, 4, 1.0, 500.0),
        ],
        "optimisers": [
            sgd("sgd_plain", 0.0, 0.0, False, one),
            sgd("sgd_decay_0.05", 0.0, 0.05, False, RATES),
            sgd("sgd_momentum_0.9", 0.9, 0.0, False, RATES),
            sgd("sgd_momentum_0.5_decay_0.1", 0.5, 0.1, False, one),
            sgd("sgd_nesterov_0.9", 0.9, 0.0, True, RATES),
            sgd("sgd_nesterov_0.6_decay_0.02", 0.6, 0.02, True, one),
            adam("adam_0.9_0.999", (0.9, 0.999), 1e-8, 0.0, [0.01] * 5),
            adam("adam_0.8_0.95_eps_0.1", (0.8, 0.95), 1e-1, 0.0, RATES),
            adam("adam_0.9_0.999_decay_0.1", (0.9, 0.999), 1e-8, 0.1, RATES),
            adam("adam_0.7_0.9_eps_0.001_decay_0.03", (0.7, 0.9), 1e-3, 0.03, [0.05] * 5),
        ],
        "schedules": [
            step_lr("step_every_3", 0.4, 3, 0.5),
            step_lr("step_every_5", 0.1, 5, 0.1),
            cosine("cosine_12", 0.4, 12, 0.0),
            cosine("cosine_11", 0.3, 11, 0.01),
            cosine("cosine_20", 0.1, 20, 0.002),
            one_cycle("one_cycle_12", 0.4, 12, 0.3, 25.0, 1e4),
            one_cycle("one_cycle_15", 0.1, 15, 0.45, 10.0, 100.0),
            one_cycle("one_cycle_20", 0.05, 20, 0.2, 25.0, 1e4),
        ],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the committed file instead of writing it")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    made = everything()
    if arguments.check:
        check(made)
    else:
        FILE.write_text(written(made), encoding="utf-8")
        print(f"{FILE.name}: {FILE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
