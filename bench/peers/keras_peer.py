"""Keras 3 on TensorFlow: train_on_batch of a compiled Sequential, or its compiled forward pass."""

import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
import keras
import numpy as np
import tensorflow as tf
from keras import layers
from peer import serve


def activation(layer, task):
    kinds = {
        "relu": lambda: layers.ReLU(),
        "tanh": lambda: layers.Activation("tanh"),
        "sigmoid": lambda: layers.Activation("sigmoid"),
        "leaky-relu": lambda: layers.LeakyReLU(negative_slope=task["leakySlope"]),
        "gelu": lambda: layers.Activation("gelu"),
    }
    return kinds[layer["type"]]()


def make_layer(layer, task):
    kind = layer["type"]
    if kind == "conv":
        plan = layer["convolution"]
        return layers.Conv2D(
            layer["output"][2], plan["kernel"], strides=plan["stride"], padding=plan["padding"], groups=plan["groups"]
        )
    if kind in ("pool", "avg"):
        plan = layer["pool"]
        pool = layers.MaxPooling2D if kind == "pool" else layers.AveragePooling2D
        return pool(plan["size"], strides=plan["stride"], padding="valid")
    if kind == "lrn":
        lrn = task["lrn"]
        return layers.Lambda(
            lambda x: tf.nn.local_response_normalization(
                x, depth_radius=(lrn["n"] - 1) // 2, bias=lrn["k"], alpha=lrn["alpha"], beta=lrn["beta"]
            )
        )
    if kind == "bn":
        return layers.BatchNormalization(epsilon=task["bn"]["epsilon"], momentum=task["bn"]["momentum"])
    if kind == "flatten":
        return layers.Flatten()
    if kind == "dense":
        return layers.Dense(layer["output"][0])
    if kind == "drop":
        return layers.Dropout(layer["rate"])
    return activation(layer, task)


def main():
    task = json.loads(sys.argv[1])
    if task["precision"] == "bfloat16":
        keras.mixed_precision.set_global_policy("mixed_bfloat16")
    body = [make_layer(layer, task) for layer in task["layers"] if layer["type"] != "softmax"]
    model = keras.Sequential([keras.Input(task["input"]), *body])
    model.compile(
        optimizer=keras.optimizers.SGD(task["learningRate"], momentum=task["momentum"]),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    random = np.random.default_rng(7)
    images = random.uniform(-1, 1, (task["batch"], *task["input"])).astype("float32")
    labels = random.integers(0, task["classes"], task["batch"]).astype("int32")
    if task["mode"] == "training":
        repeat = lambda: model.train_on_batch(images, labels)
    else:
        forward = tf.function(lambda x: tf.nn.softmax(model(x, training=False)))
        repeat = lambda: forward(tf.constant(images)).numpy()
    repeat()
    serve(repeat)


main()
