"""Muon: an optimizer that orthogonalises the momentum of each matrix before a step. In short trainings it learns about twice as fast as Adam.

Written from Keller Jordan's published description (2024): Nesterov momentum, five Newton-Schulz iterations with coefficients
(3.4445, -4.7750, 2.0315).
"""
import torch


def orthogonal(matrix):
    """Approximates the nearest orthogonal matrix; bfloat16 is sufficient for that."""
    x = matrix.bfloat16()
    tall = x.shape[0] > x.shape[1]
    if tall:
        x = x.T
    x = x / (x.float().norm() + 1e-7)
    for _ in range(5):
        square = x @ x.T
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * (square @ square)) @ x
    return (x.T if tall else x).float()


class Muon(torch.optim.Optimizer):
    """Optimizes only the matrices of attention and MLP."""

    def __init__(self, parameters, lr, momentum=0.95, weight_decay=0.0):
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, share=lambda make, matrices: [make(matrix) for matrix in matrices]):
        """`share` maps a function over matrices; several workers can divide the matrices among themselves (train.Link)."""
        for group in self.param_groups:
            moved = []
            for parameter in group["params"]:
                state = self.state[parameter]
                if "velocity" not in state:
                    state["velocity"] = torch.zeros_like(parameter)
                velocity = state["velocity"].lerp_(parameter.grad, 1 - group["momentum"])
                moved.append(parameter.grad.lerp(velocity, group["momentum"]))
            for parameter, update in zip(group["params"], share(orthogonal, moved)):
                scale = max(1.0, parameter.shape[0] / parameter.shape[1]) ** 0.5
                parameter.mul_(1 - group["lr"] * group["weight_decay"]).add_(update, alpha=-group["lr"] * scale)
