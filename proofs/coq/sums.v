(* Sums over lists of real numbers. *)
From Coq Require Import Reals List Lra.
Import ListNotations.
Open Scope R_scope.

Fixpoint sum {T} (f : T -> R) (ts : list T) : R :=
  match ts with [] => 0 | t :: rest => f t + sum f rest end.

Section Sums.
Context {T : Type}.
Implicit Types (f g : T -> R) (ts : list T).

Lemma sum_app f ts us : sum f (ts ++ us) = sum f ts + sum f us.
Proof. induction ts as [|t ts IH]; simpl; [|rewrite IH]; ring. Qed.

Lemma sum_ext f g ts : (forall t, In t ts -> f t = g t) -> sum f ts = sum g ts.
Proof.
  induction ts as [|t ts IH]; simpl; intros H; auto.
  rewrite (H t), IH; auto.
Qed.

Lemma sum_scale a f ts : sum (fun t => a * f t) ts = a * sum f ts.
Proof. induction ts as [|t ts IH]; simpl; [|rewrite IH]; ring. Qed.

Lemma sum_plus f g ts : sum (fun t => f t + g t) ts = sum f ts + sum g ts.
Proof. induction ts as [|t ts IH]; simpl; [|rewrite IH]; ring. Qed.

Lemma sum_minus f g ts : sum (fun t => f t - g t) ts = sum f ts - sum g ts.
Proof. induction ts as [|t ts IH]; simpl; [|rewrite IH]; ring. Qed.

Lemma sum_le f g ts : (forall t, In t ts -> f t <= g t) -> sum f ts <= sum g ts.
Proof.
  induction ts as [|t ts IH]; simpl; intros H; [lra|].
  apply Rplus_le_compat; auto.
Qed.

Lemma sum_abs f ts : Rabs (sum f ts) <= sum (fun t => Rabs (f t)) ts.
Proof.
  induction ts as [|t ts IH]; simpl.
  - rewrite Rabs_R0; lra.
  - eapply Rle_trans; [apply Rabs_triang|lra].
Qed.

Lemma sum_positive f ts : ts <> [] -> (forall t, 0 < f t) -> 0 < sum f ts.
Proof.
  intros Hne H. destruct ts as [|t ts]; [contradiction|]. clear Hne. simpl.
  assert (0 <= sum f ts).
  { induction ts as [|u ts IH]; simpl; [lra|]. specialize (H u); lra. }
  specialize (H t); lra.
Qed.
End Sums.

Lemma sum_map {T U} (h : T -> U) f ts : sum f (map h ts) = sum (fun t => f (h t)) ts.
Proof. induction ts as [|t ts IH]; simpl; [|rewrite IH]; ring. Qed.
