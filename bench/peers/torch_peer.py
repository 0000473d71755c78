"""PyTorch: eager, contiguous or channels last, or compiled by torch.compile."""

import json
import sys

import torch
from peer import serve
from torch import nn


def padding_of(plan, side):
    """'same' as TensorFlow has it; for odd kernels and stride 1 that is half the kernel on every side."""
    if plan["padding"] == "valid":
        return 0
    if plan["stride"] != 1 or plan["kernel"] % 2 == 0:
        raise SystemExit("This peer pads odd kernels of stride 1 only.")
    return plan["kernel"] // 2


def activation(layer, task):
    kinds = {
        "relu": lambda: nn.ReLU(inplace=True),
        "tanh": nn.Tanh,
        "sigmoid": nn.Sigmoid,
        "leaky-relu": lambda: nn.LeakyReLU(task["leakySlope"]),
        "gelu": nn.GELU,
    }
    return kinds[layer["type"]]()


def make_layer(layer, before, task):
    kind = layer["type"]
    if kind == "conv":
        plan = layer["convolution"]
        padding = padding_of(plan, before[0])
        return nn.Conv2d(before[2], layer["output"][2], plan["kernel"], plan["stride"], padding, groups=plan["groups"])
    if kind in ("pool", "avg"):
        plan = layer["pool"]
        return (nn.MaxPool2d if kind == "pool" else nn.AvgPool2d)(plan["size"], plan["stride"])
    if kind == "lrn":
        lrn = task["lrn"]
        # PyTorch divides alpha by the number of neighbours.
        return nn.LocalResponseNorm(lrn["n"], lrn["alpha"] * lrn["n"], lrn["beta"], lrn["k"])
    if kind == "bn":
        bn = nn.BatchNorm1d if len(layer["output"]) == 1 else nn.BatchNorm2d
        return bn(layer["output"][-1], eps=task["bn"]["epsilon"], momentum=1 - task["bn"]["momentum"])
    if kind == "flatten":
        return nn.Flatten()
    if kind == "dense":
        return nn.Linear(before[0], layer["output"][0])
    if kind == "drop":
        return nn.Dropout(layer["rate"])
    return activation(layer, task)


def build(task):
    before = task["input"]
    body = []
    for layer in task["layers"]:
        if layer["type"] == "softmax":
            continue
        body.append(make_layer(layer, before, task))
        before = layer["output"]
    return nn.Sequential(*body)


def main():
    task = json.loads(sys.argv[1])
    variant = task["variant"]
    torch.manual_seed(7)
    layout = torch.contiguous_format if variant == "contiguous" else torch.channels_last
    model = build(task).to(memory_format=layout)
    height, width, channels = task["input"]
    images = (2 * torch.rand(task["batch"], channels, height, width) - 1).contiguous(memory_format=layout)
    labels = torch.randint(0, task["classes"], (task["batch"],))
    runner = torch.compile(model) if variant == "compile" else model
    optimizer = torch.optim.SGD(model.parameters(), lr=task["learningRate"], momentum=task["momentum"])
    loss_of = nn.CrossEntropyLoss()

    def train():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(runner(images), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    def infer():
        with torch.inference_mode():
            return runner(images).softmax(1).numpy()

    model.train(task["mode"] == "training")
    repeat = train if task["mode"] == "training" else infer
    repeat()
    serve(repeat)


main()
