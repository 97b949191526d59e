(* Constant space: the words in use by recomputation, for every number of layers and every length.

   The trace is that of recompute in layers.hpp, event for event: a frame of F words is entered and left a layer, a leaf
   reads the tape. link.v compares it with the trace of the C++. *)
From Coq Require Import List Lia Arith.
Import ListNotations.

Inductive event := enter (level t : nat) | leaf (t : nat) | loop (level t j : nat) | leave (level t : nat).

Fixpoint trace level t : list event :=
  match level with
  | 0 => [leaf t]
  | S below => enter level t :: trace below t ++
      flat_map (fun j => loop level t j :: trace below j) (seq 0 t) ++ [leave level t]
  end.

(* Words in use after an event, with frames of F words. *)
Definition after F used e := match e with enter _ _ => used + F | leave _ _ => used - F | _ => used end.

(* The words in use at the end of a trace, and the most at any moment. *)
Fixpoint run_trace F used most (es : list event) :=
  match es with
  | [] => (used, most)
  | e :: rest => let used := after F used e in run_trace F used (Nat.max most used) rest
  end.

Lemma run_trace_app F es fs : forall used most,
  run_trace F used most (es ++ fs) = let (u, m) := run_trace F used most es in run_trace F u m fs.
Proof. induction es as [|e es IH]; simpl; auto. Qed.

Lemma trace_words F level : forall t used most, used <= most ->
  run_trace F used most (trace level t) = (used, Nat.max most (used + F * level)).
Proof.
  induction level as [|level IH]; intros t used most Hle.
  - simpl. f_equal. lia.
  - assert (forall js used most, used <= most -> exists m,
      run_trace F used most (flat_map (fun j => loop (S level) t j :: trace level j) js) = (used, m) /\
      most <= m <= Nat.max most (used + F * level)) as Hloop.
    { induction js as [|j js IHj]; intros u m Hu; simpl; [exists m; split; [reflexivity|lia]|].
      rewrite run_trace_app, IH by lia. destruct (IHj u (Nat.max (Nat.max m u) (u + F * level))) as (m' & -> & Hm'); [lia|].
      exists m'. split; [reflexivity|lia]. }
    simpl trace. simpl run_trace. rewrite run_trace_app, IH by lia.
    rewrite run_trace_app.
    destruct (Hloop (seq 0 t) (used + F) (Nat.max (Nat.max most (used + F)) (used + F + F * level))) as (m & -> & Hm); [lia|].
    simpl. f_equal; lia.
Qed.

(* F words a layer beside the S that rows share: no more, and no fewer, at every token. *)
Theorem constant_space F shared level t :
  run_trace F shared shared (trace level t) = (shared, F * level + shared).
Proof. rewrite trace_words by lia. f_equal. lia. Qed.

(* Time: row t of N layers reads C(t + N, N) leaves of the tape. *)
Fixpoint choose n k :=
  match n, k with _, 0 => 1 | 0, S _ => 0 | S n', S k' => choose n' k' + choose n' k end.

Fixpoint count_leaves (es : list event) :=
  match es with [] => 0 | leaf _ :: rest => S (count_leaves rest) | _ :: rest => count_leaves rest end.

Lemma count_leaves_app es fs : count_leaves (es ++ fs) = count_leaves es + count_leaves fs.
Proof. induction es as [|[] es IH]; simpl; auto. Qed.

Lemma choose_above n : forall k, n < k -> choose n k = 0.
Proof. induction n as [|n IH]; intros [|k] H; simpl; try lia. rewrite !IH by lia. reflexivity. Qed.

Lemma choose_all n : choose n n = 1.
Proof. induction n as [|n IH]; simpl; auto. rewrite IH, choose_above; lia. Qed.

Lemma loop_leaves level t js :
  count_leaves (flat_map (fun j => loop (S level) t j :: trace level j) js) =
    list_sum (map (fun j => count_leaves (trace level j)) js).
Proof. induction js as [|j js IH]; simpl; auto. rewrite count_leaves_app, IH. reflexivity. Qed.

Lemma hockey_stick level t : list_sum (map (fun j => choose (j + level) level) (seq 0 (S t))) = choose (S t + level) (S level).
Proof.
  induction t as [|t IH].
  - simpl. rewrite (choose_above level (S level)) by lia. lia.
  - rewrite seq_S, map_app, list_sum_app, IH.
    change (choose (S (S t) + level) (S level)) with (choose (S t + level) level + choose (S t + level) (S level)).
    cbn [seq map list_sum fold_right]. rewrite Nat.add_0_l. lia.
Qed.

Theorem leaves_read level : forall t, count_leaves (trace level t) = choose (t + level) level.
Proof.
  induction level as [|level IH]; intros t; [destruct t; reflexivity|].
  simpl trace. simpl count_leaves. rewrite !count_leaves_app, loop_leaves. simpl. rewrite Nat.add_0_r.
  rewrite IH, (map_ext _ (fun j => choose (j + level) level)) by apply IH.
  pose proof (hockey_stick level t) as H. rewrite seq_S, map_app, list_sum_app in H. simpl in H.
  replace (t + S level) with (S (t + level)) by lia. simpl. lia.
Qed.
