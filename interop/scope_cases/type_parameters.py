T = 1  #: module
def f[T: int, *Ts, **P](a: T, *b: Ts) -> P:  #: f  T -> f  Ts -> f  P -> f
    return T, a  # T -> f  a -> f
class C[T](Base[T]):  #: C  T -> C
    attribute: T  # T -> C
    def method[U](self, a: U, b: T) -> T:  #: method  U -> method  T -> C
        return T, U, a  # T -> C  U -> method  a -> method
    name = 1  #: name
    def annotated[V](self, a: name):  #: annotated  name -> name
        return V, name  # V -> annotated
type Alias[A, B] = dict[  #: Alias
    A, Alias[B, T]]  # A -> Alias  B -> Alias  Alias -> Alias  T -> module
type Plain = list[T]  #: Plain  T -> module
print(T, U, A, Ts, Plain)  # T -> module  Plain -> Plain
