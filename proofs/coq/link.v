(* The program of program.v in IEEE binary32, to be compared bit by bit with src/attention in f32.

   A test's C++ program writes vectors: keys, what is done with them, a table of the exponentials that it met, and the
   bits of the state and of the output that it got. A NaN is written as -1, whatever its payload. *)
From Coq Require Import ZArith List Bool.
From Flocq Require Import BinarySingleNaN Binary Bits.
From Attest Require Import program space.
Import ListNotations.

Definition bits (x : binary32) : Z := if is_nan 24 128 x then (-1)%Z else bits_of_b32 x.

(* The exponential of a table; an argument that is not there gives a NaN, which no vector of numbers has. *)
Fixpoint looked_up (table : list (Z * Z)) (x : Z) : Z :=
  match table with [] => 2143289344%Z | (y, z) :: rest => if Z.eqb x y then z else looked_up rest x end.

(* semantics/native.hpp: Native<float>. *)
Definition native (table : list (Z * Z)) : arithmetic binary32 := {|
  max s t := match b32_compare s t with Some Lt => t | _ => s end;
  sub := b32_minus mode_NE;
  exponential x := b32_of_bits (looked_up table (bits_of_b32 x));
  probability x := x;
  add := b32_plus mode_NE; mul := b32_mult mode_NE; div := b32_div mode_NE |}.

(* What is done with the keys first .. first + count - 1 of a vector. *)
Inductive plan :=
| block_of (first count : nat) | merge_of (a b : plan) | step_of (a : plan) (k : nat)
| absorb_of (a : plan) (first count : nat).

Record vector := Vector {
  keys : list (Z * list Z); done : plan; table : list (Z * Z); shift_bits : Z; l_bits : Z; o_bits : list Z;
  output_bits : list Z }.

Section Run.
Variables (A : arithmetic binary32) (ks : list (Z * list Z)).
Notation zero_key := (0%Z, @nil Z).
Definition score_of (k : Z * list Z) := b32_of_bits (fst k).
Definition value_of (k : Z * list Z) c := b32_of_bits (nth c (snd k) 0%Z).
Definition part (first count : nat) := map (fun j => nth j ks zero_key) (seq first count).

Fixpoint run (p : plan) : row binary32 :=
  match p with
  | block_of first count =>
    block A score_of value_of (nth first ks zero_key) (part (S first) (Nat.pred count))
  | merge_of a b => merge A (run a) (run b)
  | step_of a k => step A score_of value_of (run a) (nth k ks zero_key)
  | absorb_of a first count => absorb A score_of value_of (run a) (part first count)
  end.
End Run.

Definition same (xs ys : list Z) := if list_eq_dec Z.eq_dec xs ys then true else false.

Definition agrees (v : vector) : bool :=
  let A := native (table v) in
  let r := run A (keys v) (done v) in
  let channels := length (o_bits v) in
  Z.eqb (bits (row_m r)) (shift_bits v) && Z.eqb (bits (row_l r)) (l_bits v) &&
  same (map (fun c => bits (row_o r c)) (seq 0 channels)) (o_bits v) &&
  same (map bits (finalize A channels r)) (output_bits v).

(* The numbers of the vectors that do not agree. *)
Fixpoint wrong_from (i : nat) (vs : list vector) : list nat :=
  match vs with [] => [] | v :: rest => if agrees v then wrong_from (S i) rest else i :: wrong_from (S i) rest end.
Definition wrong := wrong_from 0.

(* Traces of recompute, by level and token. *)
Definition event_eq_dec (e f : event) : {e = f} + {e <> f}.
Proof. decide equality; apply Nat.eq_dec. Defined.

Definition traces_agree (ts : list (nat * nat * list event)) : bool :=
  forallb (fun '(level, t, es) => if list_eq_dec event_eq_dec (trace level t) es then true else false) ts.
