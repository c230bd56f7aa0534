"""Parts of Python reproducers that compare gradients with finite differences. A line names each part."""
#@ shared


def moves(t):
    return isinstance(t, torch.Tensor) and (t.is_floating_point() or t.is_complex())


def wide(base):
    """The same numbers in f64. Integers stay integers."""
    return base.to(torch.complex128 if base.is_complex() else torch.float64) if moves(base) else base


def numbers(t, n):
    """The n-th numbers of the shape of t: weights, or a direction."""
    count = torch.arange(t.numel(), dtype=torch.float64).reshape(t.shape) * 0.7 + n
    return torch.complex(count.cos(), count.sin()) if t.is_complex() else count.cos()


def product(a, b):
    """The sum of the products of all components."""
    return (a.conj() * b).sum().real if a.is_complex() else (a * b).sum()


def start():
    return [wide(base) for base in Left.memory()]


def directions(memory):
    return [numbers(base, s + 9) * (s not in held) if moves(base) else None for s, base in enumerate(memory)]


def results(memory):
    """The tensors that the program returns, or what it may have written."""
    x = inputs(type("Here", (Left,), {"memory": lambda: list(memory)}))
    found = [t for t in tensors(Left.program(x, "cpu")) if isinstance(t, torch.Tensor)]
    return [t for t in found or x if moves(t) and t.layout == torch.strided]


def weighted(found, counted):
    return sum(product(numbers(t, n), t) for n, t in enumerate(found) if t is not None and counted[n])


def counted_among(differentiated):
    return [every_result or not any(differentiated) or each for each in differentiated]


def gradients(memory, create_graph):
    """The leaves, their gradients, and which results count."""
    leaves = [b.detach().clone() for b in memory]
    leaves = [b.requires_grad_() if moves(b) and s not in held else b for s, b in enumerate(leaves)]
    found = results([leaf.clone() for leaf in leaves])
    counted = counted_among([t.requires_grad for t in found])
    return leaves, gradients_of(weighted(found, counted), leaves, create_graph), counted


def gradients_of(total, leaves, create_graph=False):
    """None for a leaf that does not move, or that the total does not depend on."""
    moving = [leaf for leaf in leaves if leaf.requires_grad]
    found = torch.autograd.grad(total, moving, create_graph=create_graph, allow_unused=True)
    of = {id(leaf): gradient for leaf, gradient in zip(moving, found)}
    return [of.get(id(leaf)) for leaf in leaves]


def slope_of(gradients, memory):
    return float(sum(product(g.detach(), d) for g, d in zip(gradients, directions(memory)) if g is not None))


def by_differences(value):
    """The slope of value(memory) by central differences of two widths, extrapolated."""
    def at(step):
        memory = start()
        return value([b if d is None else b + step * d for b, d in zip(memory, directions(memory))])
    width = 2.0**-10
    coarse, fine = (at(width) - at(-width)) / (2 * width), (at(width / 2) - at(-width / 2)) / width
    return fine + (fine - coarse) / 3


def value_of(counted):
    def value(memory):
        with torch.no_grad():
            return float(weighted(results([b.clone() for b in memory]), counted))
    return value
#@ first


def slopes():
    """The slope of the weighted results: by differences, and by reverse mode."""
    leaves, of, counted = gradients(start(), False)
    return by_differences(value_of(counted)), slope_of(of, start())
#@ forward


def slopes():
    """The slope of the weighted results: by differences, and by forward mode."""
    mode = torch.autograd.forward_ad
    with mode.dual_level():
        memory = start()
        dual = [b if d is None else mode.make_dual(b, d) for b, d in zip(memory, directions(memory))]
        tangents = [mode.unpack_dual(t).tangent for t in results(dual)]
    counted = counted_among([t is not None for t in tangents])
    return by_differences(value_of(counted)), float(weighted(tangents, counted))
#@ second


def weighted_gradients(memory, create_graph):
    leaves, of, _ = gradients(memory, create_graph)
    return leaves, sum(product(numbers(g, s + 30), g) for s, g in enumerate(of) if g is not None)


def slopes():
    """The slope of the weighted gradients: by differences, and by reverse mode."""
    leaves, total = weighted_gradients(start(), True)
    by_autograd = slope_of(gradients_of(total, leaves), start()) if total.requires_grad else 0.0
    return by_differences(lambda memory: float(weighted_gradients(memory, False)[1])), by_autograd
#@ end


def main():
    left, right = slopes()
    right = left if "--same" in sys.argv else right
    print("by differences:", left)
    print("by autograd:   ", right)
    differ = not abs(left - right) <= tolerance * max(abs(left), abs(right), 1e-6)
    print("the sides differ" if differ else "the sides agree")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
