x = [1]  #: module
a = [
    x  # x -> target
    for x  #: target
    in x  # x -> module
    if x  # x -> target
]
b = {
    k: (v, x)  # k -> k  v -> v  x -> module
    for k,  #: k
    v  #: v
    in x  # x -> module
    for w  #: w
    in v  # v -> v
    if w  # w -> w
}
c = [
    [y for y  #: y  y -> y
     in z]  # z -> z
    for z  #: z
    in (
        z for z  #: inner-z  z -> inner-z
        in x)]  # x -> module
d = set(i for i  #: i  i -> i
        in (lambda i: i)(x))  #: parameter  i -> parameter  x -> module
[[i for i in i]  #: inner-i  i -> inner-i outer-i
 for i  #: outer-i
 in x]  # x -> module
print(k, v, w, y, z, i)
def f(n):  #: f
    return {n for m  # n -> f
            in n}  # n -> f
for t in {(p, q) for p in x for q in p}:  #: t  p -> t  q -> t  x -> module
    t  # t -> t
