x = 1  #: module
def outer():
    x = 2  #: outer
    class A:  #: A
        y = x  #: y  x -> outer
        z = [x for _ in y]  # x -> outer  y -> y
        def method(self, default=y):  #: method  y -> y
            return x, y, self  # x -> outer  self -> method
        alias = method  # method -> method
        class Nested:
            inner = x, y  # x -> outer
    class B:  #: B
        x = x  #: b-x  x -> module
        y = x  # x -> b-x
    return A, B  # A -> A  B -> B
class Twice:
    x = x  #: twice-1  x -> module
    x = x + 1  #: twice-2  x -> twice-1
    w = x  # x -> twice-2
class Property:
    @property
    def size(self):  #: getter
        return self  # self -> getter
    @size.setter  # size -> getter
    def size(self, value):  #: setter
        return size
    length = size  # size -> setter
    def sizes(self):  #: sizes
        return [size for size in self]  #: comprehension  size -> comprehension  self -> sizes
    def lazy(self, f=lambda: size): return length
class Late:
    a = b
    b = 1
class Fields:  #: Fields
    x: int
    other: x = x  #: other  x -> module
    other: other  # other -> other
    x: x = 5  #: field-x  x -> field-x
    left, right = x, 6  #: both  x -> field-x
    left, right = right, left  #: swapped  left -> both  right -> both
    for item in right:  #: item  right -> swapped
        item  # item -> item
    total = 0  #: total
    total += total  #: sum  total -> total
    for total in total: pass  #: loop  total -> sum
    print(total)  # total -> loop
    import os.path  #: os
    join = os.path.join  # os -> os
    with x as handle: handle  #: handle  x -> field-x  handle -> handle
class Base: pass  #: Base
@Base  # Base -> Base
class Derived(Base, metaclass=Base):  # Base -> Base
    Base = Base  #: inner-base  Base -> Base
    def Base(self, base=Base):  #: base  Base -> inner-base
        return Base, base  # Base -> Base  base -> base
print(Fields, y, size)  # Fields -> Fields
